using System.Globalization;

namespace ModularMonolith.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Seconds">The length of one measured window.</param>
/// <param name="Windows">Measured windows for each side of a scenario, taken in turns.</param>
/// <param name="Clients">Connections that each wait for an answer before they ask again.</param>
/// <param name="Check">Whether a missed target makes the exit code 1.</param>
/// <param name="Only">The one scenario to run, or null for all.</param>
internal sealed record Settings(int Seconds, int Windows, int Clients, bool Check, string? Only)
{
    public static Settings Parse(string[] args, int seconds, int windows) => new(
        Number(args, "--seconds", seconds), Number(args, "--windows", windows), Number(args, "--clients", 16), args.Contains("--check"), Value(args, "--only"));

    private static int Number(string[] args, string name, int otherwise) =>
        Value(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
