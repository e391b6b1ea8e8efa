using ModularMonolith.Benchmarks;
using ModularMonolith.Benchmarks.Comparator;

return args is ["comparator", var connectionString]
    ? await ComparatorHost.RunAsync(connectionString)
    : await Bench.RunAsync(Settings.Parse(args));
