using System.Diagnostics;
using System.Globalization;

namespace ModularMonolith.VerifyBenchmark;

/// <summary>One run of <c>mm verify</c> as a process.</summary>
/// <param name="Took">From before its start to its end.</param>
/// <param name="Processor">The processor time of all its threads: on a machine that does other things too, this says what it would take alone.</param>
/// <param name="Peak">The most memory that it held, in bytes, as Linux counts it (<c>VmHWM</c>).</param>
internal sealed record TimedRun(TimeSpan Took, TimeSpan Processor, long Peak)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Runs it.</summary>
    /// <param name="program">The command line's assembly.</param>
    /// <param name="root">The checkout.</param>
    /// <exception cref="InvalidOperationException">It could not tell whether the boundaries hold, or took more than five minutes.</exception>
    public static async Task<TimedRun> OfAsync(string program, string root)
    {
        var start = new ProcessStartInfo("dotnet", [program, "verify", "--root", root]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var deadline = new CancellationTokenSource(Deadline);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        var peak = 0L;
        var processor = TimeSpan.Zero;
        try
        {
            // The number is gone with the process, so it is asked for while it runs.
            while (!process.HasExited)
            {
                peak = Math.Max(peak, PeakOf(process.Id));
                processor = ProcessorOf(process) ?? processor;
                await Task.Delay(10, deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new InvalidOperationException($"mm verify takes more than {Deadline.TotalMinutes} minutes.");
        }

        var took = clock.Elapsed;
        var text = await output;
        return process.ExitCode is 0 or 1
            ? new TimedRun(took, processor, peak)
            : throw new InvalidOperationException($"mm verify could not tell: {await error}{text}");
    }

    private static TimeSpan? ProcessorOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static long PeakOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[6..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
