#!/usr/bin/env bash
# bench/images.sh FOLDER: makes the images of bench/scan.ts as `docker save` archives in FOLDER.
#   shop.tar   1.3 GB, 8 layers: Debian with Python, npm, Java and Go parts
#   fleet.tar  3.5 GB, 12 layers: the same with compilers, a browser, databases and TeX on top
# Needs root, a running Docker engine, debootstrap, pip, npm, mvn and go, and their registries. Takes about ten minutes.
set -euo pipefail
out=$(realpath "${1:?name the folder to write to}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "base: Debian bookworm" >&2
debootstrap --variant=minbase bookworm base >/dev/null
rm -rf base/var/cache/apt/archives/*.deb
tar -C base -cf - . | docker import - bench-debian >/dev/null

echo "parts: PyPI, npm, Maven, Go" >&2
pip install -q --target python django flask requests numpy sqlalchemy celery boto3 pillow cryptography jinja2 2>/dev/null
mkdir npm && (cd npm && npm init -y >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts \
  express@4.17.1 lodash@4.17.20 webpack@5.88.0 react@18 axios@1.4.0 jest@29 eslint@8)
mkdir java && cat >java/pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>shop</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>2.6.3</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.14.1</version></dependency>
<dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-client</artifactId><version>3.3.1</version></dependency>
</dependencies></project>
POM
(cd java && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
mkdir go && GOBIN=$work/go go install github.com/mikefarah/yq/v4@v4.34.1 && GOBIN=$work/go go install github.com/go-delve/delve/cmd/dlv@v1.21.0

apt='DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends'
cat >Dockerfile <<DOCKER
FROM bench-debian AS shop
RUN apt-get update -qq && $apt python3 ca-certificates >/dev/null && rm -rf /var/lib/apt/lists/*
RUN apt-get update -qq && $apt openjdk-17-jre-headless >/dev/null && rm -rf /var/lib/apt/lists/*
COPY python /usr/lib/python3/dist-packages/
COPY npm /srv/web/
COPY java/lib /srv/api/lib/
COPY go /usr/local/bin/
RUN apt-get update -qq && $apt curl git openssl nginx >/dev/null && rm -rf /var/lib/apt/lists/*
FROM shop AS fleet
RUN apt-get update -qq && $apt g++ make cmake >/dev/null && rm -rf /var/lib/apt/lists/*
RUN apt-get update -qq && $apt firefox-esr nodejs >/dev/null && rm -rf /var/lib/apt/lists/*
RUN apt-get update -qq && $apt postgresql redis-server mariadb-server >/dev/null && rm -rf /var/lib/apt/lists/*
RUN apt-get update -qq && $apt texlive-latex-base >/dev/null && rm -rf /var/lib/apt/lists/*
DOCKER
for image in shop fleet; do
  echo "image: $image" >&2
  DOCKER_BUILDKIT=0 docker build -q --network host --target "$image" -t "bench-$image" . >/dev/null
  docker save -o "$out/$image.tar" "bench-$image"
done
ls -l "$out"/shop.tar "$out"/fleet.tar >&2
