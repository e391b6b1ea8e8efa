using System.Globalization;
using System.Text;

namespace ModularMonolith.Postgres.Running;

/// <summary>The configuration file of a private server, written anew at every start.</summary>
internal static class ServerSettings
{
    /// <summary>The settings that make the server private to this host; nothing may weaken them.</summary>
    private static readonly string[] Fixed = ["listen_addresses", "port", "unix_socket_directories", "password_encryption"];

    /// <summary>The file's text.</summary>
    /// <exception cref="PostgresUnavailableException">A setting's name is malformed or may not be set.</exception>
    public static string Render(PostgresServerOptions options, int port)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "128MB",
            ["effective_cache_size"] = "512MB",
            ["random_page_cost"] = "1.1",
            // Compiling a plan costs more than the short statements of an online system can win back.
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
        };
        if (!options.Durable)
        {
            foreach (var name in new[] { "fsync", "full_page_writes", "synchronous_commit" })
                settings[name] = "off";
        }

        foreach (var (name, value) in options.Settings)
        {
            if (Fixed.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new PostgresUnavailableException($"The PostgreSQL setting '{name}' cannot be changed: it keeps the server private to this host.");
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') || value.AsSpan().ContainsAny('\n', '\r', '\0'))
                throw new PostgresUnavailableException($"The PostgreSQL setting '{name}' is malformed: a name has letters, digits, '_' and '.', and a value is one line.");
            settings[name] = value;
        }

        settings["listen_addresses"] = "127.0.0.1";
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["unix_socket_directories"] = string.Empty;
        settings["password_encryption"] = "scram-sha-256";

        var text = new StringBuilder("# Written by the host at every start.\ninclude 'cluster/postgresql.conf'\n");
        foreach (var (name, value) in settings)
            text.Append(name).Append(" = '").Append(value.Replace(@"\", @"\\").Replace("'", "''")).Append("'\n");
        return text.ToString();
    }
}
