using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Modules;
using Npgsql;

namespace ModularMonolith.Platform.Data;

/// <summary>Where the database is and with which login each module reaches it. Known once the start has found or provisioned a server.</summary>
public sealed class DatabaseAddress(IConfiguration configuration, IOptions<DatabaseOptions> options)
{
    private const int AuditPoolSize = 5;

    private string? _provisioned;

    private string? Default => ConnectionString("Default", configuration.GetConnectionString("Default"));

    /// <summary>Whether a server is configured; if not, a private one is provisioned.</summary>
    public bool IsConfigured => Default is not null;

    /// <summary>The login that creates roles, schemas and the integration log: <c>ConnectionStrings:Admin</c>, else <c>Default</c>.</summary>
    /// <exception cref="InvalidOperationException">No server is configured and none has been provisioned yet.</exception>
    public NpgsqlConnectionStringBuilder Admin => new(
        ConnectionString("Admin", configuration.GetConnectionString("Admin")) ?? Default ?? _provisioned
        ?? throw new InvalidOperationException("The database is not known yet: no ConnectionStrings:Default is configured and no private server has been started."));

    /// <summary>What the roles' names start with.</summary>
    public string RolePrefix => options.Value.RolePrefix ?? Admin.Database ?? "modular_monolith";

    /// <summary>The isolation in force.</summary>
    public DatabaseIsolation Isolation => options.Value.Isolation;

    internal void UseProvisioned(string connectionString) => _provisioned = connectionString;

    /// <summary>The login role of a module.</summary>
    /// <param name="module">The module's name.</param>
    /// <returns>At most 63 characters, PostgreSQL's limit for names.</returns>
    public string RoleOf(string module)
    {
        var role = RolePrefix + "_" + module;
        return role.Length <= 63 ? role : throw new InvalidOperationException($"The role name '{role}' is longer than PostgreSQL's 63 characters. Set Database:RolePrefix to a shorter one.");
    }

    /// <summary>The password of a module's role: HMAC-SHA256 (RFC 2104) of its name under the configured secret, so that every host derives the same one and none is stored.</summary>
    /// <param name="module">The module's name.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public string PasswordOf(string module)
    {
        var secret = options.Value.RoleSecret ?? Admin.Password;
        if (string.IsNullOrEmpty(secret))
        {
            throw new InvalidOperationException("Database:RoleSecret is not set, so the modules' database passwords cannot be derived. Set it to a random text of at least 32 characters, the same on every host, or set Database:Isolation to Schema.");
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("role:" + RoleOf(module))));
    }

    /// <summary>
    /// A key for a purpose of a module, the same on all hosts: HKDF-SHA256 (RFC 5869) of the secret that they share. Where there is none (no role secret and no password) it is random, and
    /// what was made with it is good for this process only.
    /// </summary>
    /// <param name="module">The module's name.</param>
    /// <param name="purpose">What it is for; each purpose has a key of its own.</param>
    /// <returns>32 bytes.</returns>
    public byte[] KeyOf(string module, string purpose) => KeyFor($"{module}: {purpose}");

    /// <summary>
    /// A key for a purpose of the platform: HKDF-SHA256 (RFC 5869) of the secret that all hosts share. Where there is none (no role secret and no password) it is random,
    /// and what was made with it is good for this process only.
    /// </summary>
    internal byte[] KeyFor(string purpose) => (options.Value.RoleSecret ?? Admin.Password) is { Length: > 0 } secret
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: Encoding.UTF8.GetBytes(purpose))
        : RandomNumberGenerator.GetBytes(32);

    /// <summary>The connection string of a module: the configured server with the module's role, and the module's schema as search path.</summary>
    /// <param name="module">The module.</param>
    /// <returns>A connection string for a pool of its own.</returns>
    public string ConnectionStringOf(ModuleDescriptor module) => ConnectionStringOf(module.Name, options.Value.MaxPoolSize);

    /// <summary>The connection string of the login that seals and reads the audit log.</summary>
    internal string AuditConnectionString => ConnectionStringOf(AuditSchema.Name, AuditPoolSize);

    private string ConnectionStringOf(string name, int poolSize)
    {
        var builder = new NpgsqlConnectionStringBuilder(Default ?? Admin.ConnectionString);
        if (Isolation == DatabaseIsolation.Role)
        {
            builder.Username = RoleOf(name);
            builder.Password = PasswordOf(name);
        }

        builder.SearchPath = name;
        builder.ApplicationName ??= "modular-monolith/" + name;
        builder.MaxPoolSize = poolSize;
        if (!builder.ShouldSerialize("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 100;
        }

        // Nothing here changes a session's state but for the transaction it is in, and a reset would cost a round of statements at each use.
        if (!builder.ShouldSerialize("No Reset On Close"))
        {
            builder.NoResetOnClose = true;
        }

        return builder.ConnectionString;
    }

    private static string? ConnectionString(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(value).ConnectionString;
        }
        catch (ArgumentException)
        {
            // The message of the parser may repeat the password.
            throw new ModuleConfigurationException(
                $"ConnectionStrings:{name} cannot be read. It looks like 'Host=localhost;Port=5432;Database=shop;Username=admin;Password=...'.");
        }
    }
}
