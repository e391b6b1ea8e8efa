using System.Reflection;
using ModularMonolith.VerifyBenchmark;

// mm verify on a generated solution of 100 modules and 20,000 types, and on this repository: how long it takes, and how much memory. Exit code 1 when a limit is not kept.
const int Modules = 100;
const long Gigabyte = 1L << 30;
var metadata = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(static found => found.Key, static found => found.Value!);
var program = metadata["CommandLine"];
var folder = args.Length > 0 ? args[0] : Directory.CreateTempSubdirectory("big-solution-").FullName;
var kept = true;
try
{
    var solution = new BigSolution(folder, Modules);
    solution.Write();
    Console.WriteLine($"{Modules} modules, {solution.Types} types, {Environment.ProcessorCount} processors");
    kept &= Tell("nothing kept yet", await TimedRun.OfAsync(program, folder), TimeSpan.FromSeconds(8));
    kept &= Tell("nothing changed", await TimedRun.OfAsync(program, folder), TimeSpan.FromSeconds(8));
    solution.Touch();
    kept &= Tell("one module changed", await TimedRun.OfAsync(program, folder), TimeSpan.FromSeconds(2));
}
finally
{
    if (args.Length == 0)
    {
        Directory.Delete(folder, recursive: true);
    }
}

await TimedRun.OfAsync(program, metadata["Repository"]);
kept &= Tell("this repository", await TimedRun.OfAsync(program, metadata["Repository"]), TimeSpan.FromSeconds(2));
return kept ? 0 : 1;

static bool Tell(string name, TimedRun run, TimeSpan limit)
{
    var isKept = run.Took < limit && run.Peak < Gigabyte;
    Console.WriteLine($"{name,-20} {run.Took.TotalSeconds,6:0.00} s of {limit.TotalSeconds:0} s, {run.Processor.TotalSeconds,5:0.0} s of processors, {run.Peak / 1048576,6} MB of 1024 MB  {(isKept ? "kept" : "NOT KEPT")}");
    return isKept;
}
