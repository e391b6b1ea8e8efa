using System.Diagnostics;
using System.Globalization;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>The data folder of hosts with a private PostgreSQL, removed after the test.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    /// <summary>In memory where there is enough of it: what is killed here is a process and never the machine, so that nothing depends on the disk.</summary>
    public string Path { get; } = System.IO.Path.Combine(TestFolders.Root(), "modular-monolith-end-to-end-" + Guid.NewGuid().ToString("N"));

    /// <summary>PostgreSQL's own note of its process; exists while it runs and after a crash.</summary>
    public string ServerNote => System.IO.Path.Combine(Path, "cluster", "postmaster.pid");

    /// <summary>The process id of the server that runs in the folder now.</summary>
    public int ServerId => int.Parse(File.ReadLines(ServerNote).First(), CultureInfo.InvariantCulture);

    /// <summary>Connects the superuser to a database of the server that runs in the folder now.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = int.Parse(File.ReadLines(ServerNote).ElementAt(3), CultureInfo.InvariantCulture),
        Username = "postgres",
        Password = File.ReadAllText(System.IO.Path.Combine(Path, "password")).Trim(),
        Database = database,
    }.ConnectionString;

    /// <summary>Whether a process works; one that has ended but that nobody has waited for does not.</summary>
    public static bool IsRunning(int processId)
    {
        var facts = $"/proc/{processId}/stat";
        try
        {
            // The state stands behind the program's name, which is in parentheses (proc(5)).
            if (File.Exists(facts) && File.ReadAllText(facts) is var text)
            {
                return text[text.LastIndexOf(')') + 2] is not ('Z' or 'X');
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(ServerNote) && ServerId is var server && IsRunning(server))
        {
            // Only after a killed host; SIGQUIT is PostgreSQL's immediate shutdown.
            await Signals.SendAsync("QUIT", server);
            await Eventually.TrueAsync(() => Task.FromResult(!IsRunning(server)));
        }

        // What belongs to a server that was killed may still write a moment longer.
        await Eventually.TrueAsync(() => Task.FromResult(IsDeleted()));
    }

    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
