using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Data;

/// <summary>How modules are kept apart inside the database.</summary>
public enum DatabaseIsolation
{
    /// <summary>Each module has a login role that owns its schema and has no right on any other.</summary>
    Role,

    /// <summary>One login for all; schemas only. For databases whose account may not create roles.</summary>
    Schema,
}

/// <summary>The configuration section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    private const int LongestStatementSeconds = 300;

    /// <summary>How modules are kept apart; <see cref="DatabaseIsolation.Role"/> unless configured.</summary>
    public DatabaseIsolation Isolation { get; set; } = DatabaseIsolation.Role;

    /// <summary>Prefix of the role names, since roles belong to the whole server; the database's name unless configured.</summary>
    public string? RolePrefix { get; set; }

    /// <summary>
    /// The secret from which the roles' passwords are derived (HMAC-SHA256), at least 32 characters. Required outside Development with
    /// <see cref="DatabaseIsolation.Role"/> and a configured server; otherwise the admin password serves.
    /// </summary>
    public string? RoleSecret { get; set; }

    /// <summary>Whether schema and roles are brought up to date at every start; true in Development, elsewhere false (<c>migrate</c> does it).</summary>
    public bool? MigrateOnStart { get; set; }

    /// <summary>Connections per module and host at most; 2 to 500.</summary>
    public int MaxPoolSize { get; set; } = 40;

    /// <summary>
    /// How long a statement of a module's session may take, with its waiting for others, in seconds; 1 to 300. Many buyers of one product wait for each other, so this is how long a queue may be before those
    /// at its end are asked to come again.
    /// </summary>
    public int StatementTimeoutSeconds { get; set; } = 15;

    /// <exception cref="ModuleConfigurationException">It is out of range.</exception>
    internal int CommandTimeout => StatementTimeoutSeconds is >= 1 and <= LongestStatementSeconds
        ? StatementTimeoutSeconds
        : throw new ModuleConfigurationException($"Database:StatementTimeoutSeconds is {StatementTimeoutSeconds}; it must be between 1 and {LongestStatementSeconds}.");
}
