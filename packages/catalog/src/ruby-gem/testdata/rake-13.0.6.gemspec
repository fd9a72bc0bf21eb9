# -*- encoding: utf-8 -*-
# stub: rake 13.0.6 ruby lib

Gem::Specification.new do |s|
  s.name = "rake".freeze
  s.version = "13.0.6"

  s.licenses = ["MIT".freeze, "Ruby".freeze]
  s.summary = "example".freeze
end
