using System.Diagnostics;
using System.Globalization;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>
/// A shell that removes a host, its server and its folder when the test process ends without having done so. Its input is a
/// pipe that the kernel closes with the test process; a line on it calls the watch off.
/// </summary>
internal sealed class Watch : IDisposable
{
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        read -r line && exit
        kill -KILL "$0"
        [ -n "$1" ] || exit
        server=$(head -n 1 "$1/cluster/postmaster.pid") && kill -QUIT "$server"
        for round in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$server" && sleep 0.5; done
        rm -rf -- "$1"
        """;

    private readonly Process _process;

    public Watch(int hostId, string? dataFolder)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, hostId.ToString(CultureInfo.InvariantCulture), dataFolder ?? string.Empty])
        {
            RedirectStandardInput = true,
        };
        _process = Process.Start(start)!;
    }

    public void Dispose()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
