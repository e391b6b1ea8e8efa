using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Bridge;

/// <summary>The configuration section <c>bridge</c>.</summary>
/// <param name="Address">The broker, <c>amqp://</c> or <c>amqps://</c> with login and virtual host.</param>
/// <param name="Exchange">The topic exchange that all sides share.</param>
/// <param name="Export">Names of events that go out, or their beginnings with <c>.*</c>.</param>
/// <param name="Import">Names of events that come in, or their beginnings with <c>.*</c>.</param>
/// <param name="Queue">The queue of this database's side; no other side may have the same.</param>
/// <param name="PublishTimeout">How long the broker may take to confirm an event.</param>
/// <param name="Prefetch">How many events are taken in by one transaction at most.</param>
/// <param name="Remember">For how long the ids of imported events are kept.</param>
internal sealed record BridgeSettings(
    Uri Address, string Exchange, IReadOnlyList<string> Export, IReadOnlyList<string> Import, string Queue, TimeSpan PublishTimeout, int Prefetch, TimeSpan Remember)
{
    private const int NameLimit = 200;

    public static BridgeSettings From(IConfiguration configuration)
    {
        var import = Names("Import", configuration.GetSection("Import"));
        var settings = new BridgeSettings(
            AddressFrom(configuration["Address"]),
            configuration["Exchange"] ?? "modularmonolith.events",
            Names("Export", configuration.GetSection("Export")),
            import,
            configuration["Queue"] ?? string.Empty,
            TimeSpan.FromSeconds(Within("PublishSeconds", configuration.GetValue("PublishSeconds", 10), 1, 300)),
            Within("Prefetch", configuration.GetValue("Prefetch", 200), 1, 2_000),
            TimeSpan.FromDays(Within("RememberDays", configuration.GetValue("RememberDays", 30), 1, 3_650)));
        if (settings.Exchange.Length is 0 or > NameLimit || settings.Queue.Length > NameLimit)
        {
            throw new ModuleConfigurationException($"bridge:Exchange and bridge:Queue have at most {NameLimit} characters, and the exchange has a name.");
        }

        return import.Length == 0 || settings.Queue.Length > 0
            ? settings
            : throw new ModuleConfigurationException("bridge:Import names events but bridge:Queue is not set. Give this side's queue a name that no other side has, for example the name of this system.");
    }

    /// <summary>Whether an event is one that this side takes in.</summary>
    public bool Imports(string name) => Import.Any(pattern =>
        pattern.EndsWith(".*", StringComparison.Ordinal) ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern);

    // The address may hold a password, so no message repeats it.
    private static Uri AddressFrom(string? value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new ModuleConfigurationException("bridge:Address is not an address of a RabbitMQ server. It looks like 'amqp://login:password@host:5672/virtual-host'.");

    private static string[] Names(string key, IConfigurationSection section)
    {
        string[] names = section.Value is { } line
            ? line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(static child => child.Value ?? string.Empty)];
        return Array.Find(names, static name => !IsName(name.EndsWith(".*", StringComparison.Ordinal) ? name[..^2] : name)) is { } wrong
            ? throw new ModuleConfigurationException($"bridge:{key} has the entry '{wrong}'. An entry is the name of an event of at most {NameLimit} characters, or the beginning of names and '.*', for example 'ordering.*'.")
            : names;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= NameLimit && name.IndexOfAny(['*', '#']) < 0;

    private static int Within(string key, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new ModuleConfigurationException($"bridge:{key} is {value}. It must be between {least} and {most}.");
}
