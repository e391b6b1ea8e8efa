using System.ComponentModel;
using System.Diagnostics;

namespace ModularMonolith.Postgres.Running;

/// <summary>What a finished program left.</summary>
/// <param name="ExitCode">0 means success.</param>
/// <param name="Output">Standard output, then standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>A program to run with a deadline, its arguments passed one by one and never through a shell.</summary>
internal sealed class Command
{
    /// <summary>
    /// What a PostgreSQL program may see of the environment: the host's own variables may hold secrets, and PG* variables
    /// would change the server's behaviour.
    /// </summary>
    private static readonly string[] PassedVariables =
        ["PATH", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SystemDrive", "ComSpec", "USERPROFILE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

    /// <summary>How long output may be awaited after the program ended: on Windows a server it started keeps the pipe open.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    public Command(string program, params IEnumerable<string> arguments)
    {
        Program = program;
        Arguments = [.. arguments];
    }

    public string Program { get; }

    public IReadOnlyList<string> Arguments { get; }

    public string? WorkingFolder { get; init; }

    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True passes the whole environment on, for programs such as npm that are configured through it.</summary>
    public bool WholeEnvironment { get; init; }

    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="Win32Exception">The program does not exist or may not be executed.</exception>
    /// <exception cref="TimeoutException">The deadline passed; the program was killed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program was killed.</exception>
    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = CreateStartInfo() };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(OutputGrace);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{Program} did not end within {Deadline.TotalSeconds:0} seconds.");
        }

        return new CommandResult(process.ExitCode, (await ReadAsync(output) + await ReadAsync(error)).Trim());
    }

    private static async Task<string> ReadAsync(Task<string> text)
    {
        var finished = await Task.WhenAny(text, Task.Delay(OutputGrace));
        return finished == text ? await text : string.Empty;
    }

    private ProcessStartInfo CreateStartInfo()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingFolder ?? Path.GetPathRoot(Environment.CurrentDirectory)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (WholeEnvironment)
            return start;
        start.Environment.Clear();
        foreach (var name in PassedVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        // Messages are recognised by their English text.
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
