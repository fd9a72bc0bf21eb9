-- SBOMs are asked for by an identifier cut from their hash, and need their results, because those say who may see them.
create index result_sbom on result (sbom);
