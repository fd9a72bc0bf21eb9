# Reads "a<TAB>b" lines, writes one of < = > ? for each.
STDIN.each_line do |line|
  a, b = line.chomp.split("\t")
  if Gem::Version.correct?(a) && Gem::Version.correct?(b)
    puts ["=", ">", "<"][Gem::Version.new(a) <=> Gem::Version.new(b)]
  else
    puts "?"
  end
end
