using System.Globalization;

namespace ModularMonolith.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Seconds">The length of one measured window.</param>
/// <param name="Windows">Measured windows for each side of a scenario, taken in turns.</param>
/// <param name="WarmUp">Seconds of load before anything is measured: the runtime compiles what is used often again and better, and that takes a while.</param>
/// <param name="Clients">Connections that each wait for an answer before they ask again.</param>
/// <param name="Check">Whether a missed target makes the exit code 1.</param>
/// <param name="Only">The one scenario to run, or null for all.</param>
/// <param name="Statements">How many of the statements that a scenario runs are listed with their share, those that take longest first; 0 for none.</param>
/// <param name="Movements">How long the history is over which a certificate is made.</param>
internal sealed record Settings(int Seconds, int Windows, int WarmUp, int Clients, bool Check, string? Only, int Statements, int Movements)
{
    public static Settings Parse(string[] args, int seconds, int windows) => new(
        Number(args, "--seconds", seconds), Number(args, "--windows", windows), Number(args, "--warm-up", 40), Number(args, "--clients", 16), args.Contains("--check"), Value(args, "--only"), Number(args, "--statements", 0),
        Number(args, "--movements", 100_000));

    private static int Number(string[] args, string name, int otherwise) =>
        Value(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
