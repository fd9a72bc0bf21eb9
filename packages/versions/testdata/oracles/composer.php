<?php
// Reads "a<TAB>b" lines, writes one of < = > ? for each.
require '/usr/share/php/Composer/Semver/autoload.php';
$parser = new Composer\Semver\VersionParser();
while (($line = fgets(STDIN)) !== false) {
    [$a, $b] = explode("\t", rtrim($line, "\n"));
    try {
        echo ['<', '=', '>'][version_compare($parser->normalize($a), $parser->normalize($b)) + 1], "\n";
    } catch (UnexpectedValueException) {
        echo "?\n";
    }
}
