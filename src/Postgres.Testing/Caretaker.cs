using System.Diagnostics;

namespace ModularMonolith.Postgres.Testing;

/// <summary>
/// A process that removes a test server and its folder when the test process ends, however it ends: a test runner kills its
/// test process a tenth of a second after the last test, which is too short for the test process to do it.
/// </summary>
internal sealed class Caretaker : IDisposable
{
    /// <summary>
    /// Its input is a pipe that only the test process can write to, and that the kernel closes with it. A line on it calls the
    /// caretaker off. Paths come as parameters, so the shell interprets nothing in them.
    /// </summary>
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        read -r line && exit
        cd "$0/cluster" && "$@"
        cd / && rm -rf -- "$0"
        """;

    private readonly Process process;

    private Caretaker(Process process) => this.process = process;

    /// <summary>Starts watching over a server.</summary>
    public static Caretaker Start(PostgresServer server)
    {
        var abort = server.AbortCommand;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, server.DataFolder, abort.Program, .. abort.Arguments])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return new Caretaker(Process.Start(start)!);
    }

    /// <summary>Calls it off: the server has been removed.</summary>
    public void Dispose()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
