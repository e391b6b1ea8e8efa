using ModularMonolith.Benchmarks;
using ModularMonolith.Benchmarks.Comparator;
using ModularMonolith.Benchmarks.Isolation;
using ModularMonolith.Benchmarks.Log;
using ModularMonolith.Benchmarks.Stock;
using ModularMonolith.Benchmarks.Stores;

return args switch
{
    ["comparator", var connectionString] => await ComparatorHost.RunAsync(connectionString),
    ["first-document", var connectionString] => await FirstDocument.RunAsync(connectionString),
    ["log-host", var connectionString] => await LogBench.RunHostAsync(connectionString),
    ["certificate", .. var options] => await CertificateBench.RunAsync(Settings.Parse(options, seconds: 0, windows: 0)),
    ["isolation", .. var options] => await IsolationBench.RunAsync(Settings.Parse(options, seconds: 10, windows: 4)),
    ["log"] => await LogBench.RunAsync(),
    ["stock", .. var options] => await StockBench.RunAsync(Settings.Parse(options, seconds: 0, windows: 4)),
    ["store", .. var options] => await StoreBench.RunAsync(Settings.Parse(options, seconds: 1, windows: 8)),
    _ => await Bench.RunAsync(Settings.Parse(args, seconds: 10, windows: 2)),
};
