using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>What a host process is told by its environment; everything that the tests' own environment says about hosts is kept from it.</summary>
internal sealed record HostSettings
{
    private static readonly string[] Foreign = ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "ConnectionStrings__", "Database__", "Modules__", "SampleData__", "Security__", "Identity__", "Http__", "RateLimits__", "Logging__"];

    /// <summary>The admin of every host of the tests.</summary>
    public const string AdminEmail = "admin@example.com";

    public const string AdminPassword = "nine patient ferrymen";

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["SampleData__Enabled"] = "false",
        // Also where a test's host is none of Development. What it sees goes where the run of the tests says.
        ["Boundaries__OnUndeclared"] = "Fail",
        ["Identity__Issuer"] = "http://localhost:5080",
        ["Identity__EncryptionKey"] = "b25seSBmb3IgdGVzdHMsIG9mIG5vIHVzZSBlbHNlLi4=",
        ["Identity__Admin__Email"] = AdminEmail,
        ["Identity__Admin__Password"] = AdminPassword,
        ["Identity__PasswordIterations"] = "100000",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        // A host of the tests is gone before it pays to learn about its methods and to compile them again. Loops that run on and on are compiled anew all the same.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCounting"] = "0",
        // Most hosts of the tests are killed, and would leave the sockets behind at which diagnosis tools find them.
        ["DOTNET_EnableDiagnostics"] = "0",
        // A queue of hundreds of buyers is long on a machine that has much else to do.
        ["Database__StatementTimeoutSeconds"] = "120",
    };

    /// <summary>A host on a database of an existing server. It waits longer for a connection than is the rule.</summary>
    public static HostSettings On(string connectionString) => new HostSettings().With(
        "ConnectionStrings__Default", new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 60, CommandTimeout = 120 }.ConnectionString);

    /// <summary>A host with a private server in a folder.</summary>
    public static HostSettings In(DataFolder folder) => new HostSettings { Folder = folder }.With("Postgres__DataFolder", folder.Path);

    /// <summary>The data folder, when the host has a server of its own.</summary>
    public DataFolder? Folder { get; private init; }

    /// <summary>What two hosts have in common that differ in nothing but where their data is.</summary>
    public string Likeness => string.Join('\n', _variables.Where(static variable => variable.Key is not ("ConnectionStrings__Default" or "Postgres__DataFolder"))
        .OrderBy(static variable => variable.Key, StringComparer.Ordinal).Select(static variable => $"{variable.Key}={variable.Value}"));

    /// <summary>The same without a setting.</summary>
    public HostSettings Without(string name)
    {
        var copy = With(name, string.Empty);
        copy._variables.Remove(name);
        return copy;
    }

    public HostSettings With(string name, string value)
    {
        var copy = new HostSettings { Folder = Folder };
        foreach (var (key, present) in _variables)
        {
            copy._variables[key] = present;
        }

        copy._variables[name] = value;
        return copy;
    }

    public void ApplyTo(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in _variables)
        {
            environment[name] = value;
            Secrets.OfRun.AddSetting(name, value);
        }
    }
}
