namespace ModularMonolith.Postgres;

/// <summary>How a private PostgreSQL server is provisioned and started.</summary>
public sealed class PostgresServerOptions
{
    /// <summary>
    /// The folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> (version 14 or newer). When null, PATH, the usual
    /// install folders and then npm are searched.
    /// </summary>
    public string? BinariesPath { get; init; }

    /// <summary>
    /// The folder that holds the server: its cluster, password, settings and log. Created when missing. When the account the
    /// server runs as cannot reach it, another folder is used; <see cref="PostgresServer.DataFolder"/> tells which.
    /// </summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// True (the default): a commit survives a power failure. False: <c>fsync</c>, <c>full_page_writes</c> and
    /// <c>synchronous_commit</c> are off, which is for tests only.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>PostgreSQL's <c>max_connections</c>, 10 to 10,000.</summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>The loopback port, 1 to 65535; null (the default) takes a free one at every start.</summary>
    public int? Port { get; init; }

    /// <summary>How long one start may take, crash recovery included: 1 second to 1 hour.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Further settings by their PostgreSQL names, stronger than the built-in ones. Address, port and socket folder cannot be
    /// set here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether an orderly end of the process stops the server; false when somebody else sees to it.</summary>
    internal bool StopAtProcessExit { get; init; } = true;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxConnections, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(StartTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StartTimeout, TimeSpan.FromHours(1));
        if (Port is { } port)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65_535);
        }
    }
}
