#!/usr/bin/env bash
# bench/beside-peers/images.sh FOLDER ROOTFS BASE: makes three images of bench/coverage.ts as `docker save` archives in
# FOLDER, each with what package managers leave behind in every odd place.
#   apps.tar    Debian with Ruby, Python, Node and Java from Debian beside those of applications
#   web.tar     Alpine with npm, pnpm and yarn layouts, a Python environment, gems and Go programs
#   server.tar  AlmaLinux with jars, an executable jar of jars, a shaded jar and a web archive
# ROOTFS holds `alpine-*.tar.gz` and `almalinux-*.tar.xz` root filesystems (one of each is named below); BASE is a Debian
# image with apt. Needs root, a running Docker engine, python, npm, mvn, gem and go, and their registries.
set -euo pipefail
out=$(realpath "${1:?name the folder to write to}")
rootfs=$(realpath "${2:?name the folder of root filesystems}")
base=${3:?name a Debian image}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "parts: Python" >&2
mkdir -p py/setuptools-app py/editable/poet
python -m venv --copies py/venv
py/venv/bin/pip install -q flask==2.0.1 requests==2.25.1 pyyaml==5.3.1 zope.interface==5.4.0 Pillow==8.2.0 \
  ruamel.yaml==0.17.21 setuptools==65.5.0 wheel poetry-core
echo 'from setuptools import setup; setup(name="My_App.Core", version="1.4.2", packages=[])' >py/setuptools-app/setup.py
cat >py/editable/pyproject.toml <<'TOML'
[tool.poetry]
name = "my-poet"
version = "0.3.0"
description = ""
authors = ["a <a@example.org>"]
packages = [{ include = "poet" }]
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
TOML
touch py/editable/poet/__init__.py
py/venv/bin/pip install -q --no-build-isolation ./py/setuptools-app
py/venv/bin/pip install -q --no-build-isolation -e ./py/editable
(cd py/setuptools-app && ../venv/bin/python setup.py -q bdist_egg && mkdir -p ../eggs/unpacked.egg && unzip -qo dist/*.egg -d ../eggs/unpacked.egg)

echo "parts: npm, pnpm, yarn" >&2
mkdir -p node/npmws/packages/a node/npmws/packages/b node/pnpm node/yarn
echo '{"name":"shop-monorepo","version":"3.0.0","private":true,"workspaces":["packages/*"],"dependencies":{"express":"4.17.1"}}' >node/npmws/package.json
echo '{"name":"@shop/a","version":"1.0.0","dependencies":{"lodash":"4.17.20","@shop/b":"*"}}' >node/npmws/packages/a/package.json
echo '{"name":"@shop/b","version":"1.1.0","dependencies":{"lodash":"4.17.15","aliased":"npm:minimist@1.2.5"}}' >node/npmws/packages/b/package.json
echo '{"name":"pnpm-app","version":"0.9.0","dependencies":{"axios":"0.21.1","react-dom":"17.0.2"}}' >node/pnpm/package.json
echo '{"name":"yarn-app","dependencies":{"koa":"2.13.0","ws":"7.4.5"}}' >node/yarn/package.json
(cd node/npmws && npm install --silent --no-audit --no-fund --ignore-scripts)
(cd node/pnpm && npx -y pnpm@9 install --ignore-scripts --reporter=silent)
(cd node/yarn && npx -y yarn@1.22.22 install --silent --ignore-scripts --non-interactive)

echo "parts: gems" >&2
mkdir -p ruby/src
for gem in rack:2.2.2:ruby sinatra:2.0.8:ruby puma:4.3.1:ruby nokogiri:1.13.0:x86_64-linux my_gem:1.0.0.pre.1:ruby; do
  IFS=: read -r name version platform <<<"$gem"
  printf 'Gem::Specification.new { |s| s.name = "%s"; s.version = "%s"; s.platform = "%s"; s.summary = "x"; s.authors = ["a"]; s.files = ["%s.gemspec"] }\n' \
    "$name" "$version" "$platform" "$name" >"ruby/src/$name.gemspec"
  (cd ruby/src && gem build -q "$name.gemspec" >/dev/null 2>&1)
done
gem install -q --local --no-document --force --install-dir ruby/vendor/bundle/ruby/3.1.0 ruby/src/*.gem >/dev/null

echo "parts: Maven" >&2
pom() { # pom FOLDER 'PROJECT ELEMENTS' GROUP:ARTIFACT:VERSION …
  mkdir -p "java/$1/src/main/java/demo" "java/$1/src/main/webapp/WEB-INF"
  echo 'package demo; public class App { public static void main(String[] a) {} }' >"java/$1/src/main/java/demo/App.java"
  echo '<web-app/>' >"java/$1/src/main/webapp/WEB-INF/web.xml"
  {
    echo "<project><modelVersion>4.0.0</modelVersion><groupId>org.example.shop</groupId>$2<dependencies>"
    for one in "${@:3}"; do
      IFS=: read -r group artifact version <<<"$one"
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId>${version:+<version>$version</version>}</dependency>"
    done
    echo '</dependencies></project>'
  } >"java/$1/pom.xml"
}
java8='<properties><maven.compiler.source>8</maven.compiler.source><maven.compiler.target>8</maven.compiler.target><java.version>8</java.version></properties>'
boot=org.springframework.boot
pom fat "<artifactId>orders</artifactId><version>1.2.0</version><parent><groupId>$boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.6.3</version></parent>$java8<build><plugins><plugin><groupId>$boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>" \
  $boot:spring-boot-starter-web: $boot:spring-boot-starter-data-jpa: com.h2database:h2: org.postgresql:postgresql: com.google.guava:guava:30.1-jre
pom shade "<artifactId>batch</artifactId><version>0.7.1</version>$java8<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-shade-plugin</artifactId><version>3.5.0</version><executions><execution><phase>package</phase><goals><goal>shade</goal></goals></execution></executions></plugin></plugins></build>" \
  org.apache.logging.log4j:log4j-core:2.14.1 com.fasterxml.jackson.core:jackson-databind:2.9.10 org.apache.kafka:kafka-clients:2.8.0
pom war "<artifactId>front</artifactId><version>2.0.5</version><packaging>war</packaging>$java8<build><finalName>front</finalName><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-war-plugin</artifactId><version>3.4.0</version></plugin></plugins></build>" \
  org.apache.struts:struts2-core:2.5.22 commons-fileupload:commons-fileupload:1.4 org.codehaus.groovy:groovy-all:2.4.7
pom loose "<artifactId>loose</artifactId><version>1</version>" org.apache.tomcat:tomcat-catalina:9.0.50 org.apache.tomcat:tomcat-jasper:9.0.50 \
  org.eclipse.jetty:jetty-server:9.4.40.v20210413 io.grpc:grpc-netty-shaded:1.41.0 org.scala-lang:scala-library:2.13.6 \
  org.clojure:clojure:1.10.3 com.squareup.okhttp3:okhttp:4.9.0 org.bouncycastle:bcprov-jdk15on:1.68 \
  net.minidev:json-smart:2.3 ch.qos.logback:logback-classic:1.2.3
for part in fat shade war; do (cd java/$part && mvn -q -B package); done
(cd java/loose && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
mkdir jars && cp java/loose/lib/*.jar java/fat/target/orders-1.2.0.jar java/shade/target/batch-0.7.1.jar java/war/target/front.war jars/

echo "parts: Go" >&2
mkdir -p go/app go/dep
printf 'module example.org/dep\ngo 1.20\n' >go/dep/go.mod
printf 'package dep\nfunc Hello() string { return "" }\n' >go/dep/dep.go
cat >go/app/go.mod <<'MOD'
module example.org/shop/app
go 1.20
require (
	example.org/dep v1.0.0
	github.com/gorilla/mux v1.8.0
	gopkg.in/yaml.v2 v2.2.2
	golang.org/x/text v0.3.5
)
replace example.org/dep => ../dep
replace golang.org/x/text => golang.org/x/text v0.3.6
MOD
cat >go/app/main.go <<'GO'
package main

import (
	"fmt"

	"example.org/dep"
	"github.com/gorilla/mux"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v2"
)

func main() { b, _ := yaml.Marshal(1); fmt.Println(dep.Hello(), mux.NewRouter(), b, language.English) }
GO
(cd go/app && go mod tidy -e && go build -o ../bin/app . && go build -ldflags '-s -w -buildid=' -trimpath -o ../bin/app-stripped . &&
  CGO_ENABLED=0 go build -ldflags '-X main.version=v1.2.3' -o ../bin/app-static .)

docker import "$rootfs"/alpine/alpine-minirootfs-3.18.9-x86_64.tar.gz bench-alpine >/dev/null
xzcat "$rootfs"/almalinux/almalinux-9-micro-aarch64-2023-11-25.tar.xz | docker import - bench-almalinux >/dev/null
cat >apps.docker <<DOCKER
FROM $base
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ruby bundler \
  ruby-sinatra ruby-nokogiri python3-zope.interface python3-requests python3-yaml python3-setuptools python3-pip \
  node-express node-lodash npm libcommons-io-java liblog4j2-java libspring-web-java maven gopls >/dev/null \
  && rm -rf /var/lib/apt/lists/*
COPY ruby/vendor /srv/ruby/vendor/
COPY py /srv/py/
COPY node /srv/node/
COPY jars /srv/java/
COPY go/bin /usr/local/bin/
RUN rm -rf /srv/node/npmws/node_modules/express
DOCKER
cat >web.docker <<'DOCKER'
FROM bench-alpine
COPY node/pnpm /srv/pnpm/
COPY node/yarn /srv/yarn/
COPY node/npmws /srv/npmws/
COPY ruby/vendor /usr/lib/ruby-vendor/
COPY go/bin /usr/local/bin/
COPY py/venv/lib /usr/lib/py/
DOCKER
printf 'FROM bench-almalinux\nCOPY jars /opt/app/\n' >server.docker
for image in apps web server; do
  echo "image: $image" >&2
  DOCKER_BUILDKIT=0 docker build -q --network host -f "$image.docker" -t "bench-$image" . >/dev/null
  docker save -o "$out/$image.tar" "bench-$image"
done
