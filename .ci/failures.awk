# Reads the output of a step that failed and prints what failed in it: the name of each failed test with the beginnings of its message and of its stack
# trace, or else the errors, or else the last lines.

function name(line) { if (++names <= 40) print "  " substr(line, 1, 300) }
function detail(line) { if (++details <= 60) print "    " substr(line, 1, 400) }

# Two projects are built and tested at once: these lines of the other one may stand anywhere.
/^Test run for |^A total of |^  [^ ]+ -> |^Passed! / { next }

# xunit's runner counts no test for what could not be cleaned up, and yet the run has failed.
/^\[xUnit\.net .*Cleanup Failure/ { name($0); part = ""; next }
/^  Failed .* \[[^]]+\]$/ { name($0); part = "name"; next }
/^  (Passed|Skipped) .* \[[^]]+\]$/ || /^Failed! / || /^ *Standard (Output|Error) Messages:/ { part = ""; next }
part != "" && /^  Error Message:$/ { part = "message"; left = 8; next }
part != "" && /^  Stack Trace:$/ { part = "stack"; left = 4; next }
part != "" { if (NF > 0 && part != "name" && left-- > 0) detail($0); next }

/: error |^[Ee]rror[: ]|[Tt]est host process crashed|[Tt]est [Rr]un [Aa]borted/ { if (!seen[$0]++) errors[++errorCount] = $0; next }
NF > 0 { last[++lastCount] = $0; delete last[lastCount - 12] }

END {
  for (i = 1; i <= errorCount && i <= 12; i++) detail(errors[i])
  if (!names && !errorCount) for (i = lastCount - 11; i <= lastCount; i++) if (i in last) detail(last[i])
  if (names > 40) print "  … and " names - 40 " more"
}
