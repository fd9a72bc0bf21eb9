-- Runs inside rpm: compares the "a<TAB>b" lines of the file that `pairs_file` names; one of < = > for each.
for line in io.lines(pairs_file) do
  local a, b = line:match("^(.-)\t(.*)$")
  local left, right = rpm.ver(a), rpm.ver(b)
  print(left == right and "=" or left < right and "<" or ">")
end
