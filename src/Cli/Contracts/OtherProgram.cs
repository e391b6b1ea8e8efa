using System.ComponentModel;
using System.Diagnostics;

namespace ModularMonolith.Cli.Contracts;

/// <summary>A program that is run to its end.</summary>
internal static class OtherProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>Runs it.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="HostException">It is not there, failed, or did not end in time.</exception>
    public static async Task<string> RunAsync(string name, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await using var stop = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 ? await output : throw new HostException($"{name} {string.Join(' ', arguments)} failed: {await errors}{await output}");
        }
        catch (Win32Exception exception)
        {
            throw new HostException($"{name} cannot be started: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostException($"{name} has not ended within {Deadline.TotalMinutes:F0} minutes.");
        }
    }
}
