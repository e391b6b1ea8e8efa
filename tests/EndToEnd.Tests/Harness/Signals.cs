using System.Diagnostics;
using System.Globalization;

namespace ModularMonolith.EndToEnd.Tests.Harness;

internal static class Signals
{
    /// <summary>Sends a signal to one process.</summary>
    /// <param name="signal">Its name without SIG.</param>
    /// <param name="processId">The process.</param>
    public static async Task SendAsync(string signal, int processId)
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -s \"$0\" \"$1\"", signal, processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
