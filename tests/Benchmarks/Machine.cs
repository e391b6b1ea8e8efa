using System.Runtime.InteropServices;

namespace ModularMonolith.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string Describe(string postgresVersion) => string.Join('\n',
        $"Processor   {Processor()}, {Environment.ProcessorCount} logical cores, shared by generator, server and PostgreSQL",
        $"Memory      {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
        $"System      {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}",
        $"Runtime     {RuntimeInformation.FrameworkDescription}, Release build",
        $"PostgreSQL  {postgresVersion}, the host's own settings (durable commits)");

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        var model = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
