using System.Text.RegularExpressions;
using Marten.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Storage;

/// <summary>
/// Row-level security of tables that tenants share: PostgreSQL itself hides the rows of tenants other than the one that a
/// setting of the current transaction names. The setting is made by a statement in front of each batch, for its transaction
/// only, so that it costs no round trip and leaves nothing on a pooled connection.
/// </summary>
internal sealed partial class RowSecurity
{
    private readonly Lock gate = new();
    private volatile string[] settings = [];

    /// <summary>The setting that policies of the whole store use; null when only some types have one.</summary>
    public string? Default { get; private set; }

    /// <summary>Whether any table is guarded, so that sessions must say whose rows they want.</summary>
    public bool IsUsed => settings.Length > 0;

    public void Enable(string settingName) => Default = Use(settingName);

    /// <summary>Makes sessions set one more setting.</summary>
    /// <exception cref="ArgumentException">The name is not two or more words with dots between.</exception>
    public string Use(string settingName)
    {
        if (!SettingName().IsMatch(settingName))
            throw new ArgumentException($"'{settingName}' cannot be the name of a setting. Use two words of letters, digits and underscores with a dot between, such as app.tenant_id.", nameof(settingName));
        lock (gate)
        {
            if (!settings.Contains(settingName))
                settings = [.. settings, settingName];
        }

        return settingName;
    }

    /// <summary>The statement that names the tenant for the rest of the transaction. It returns one row.</summary>
    public NpgsqlBatchCommand CreateCommand(string tenantId)
    {
        var sql = new SqlBuilder().Append("select ");
        var isFirst = true;
        foreach (var setting in settings)
        {
            sql.Append(isFirst ? "set_config(" : ", set_config(").AppendParameter(setting, NpgsqlDbType.Text).Append(", ").AppendParameter(tenantId, NpgsqlDbType.Text).Append(", true)");
            isFirst = false;
        }

        return sql.ToBatchCommand();
    }

    /// <summary>A batch of the tenant's setting and a command, whose parameters move to the batch.</summary>
    public NpgsqlBatch CreateBatch(NpgsqlCommand command, string tenantId)
    {
        var guarded = new NpgsqlBatchCommand(command.CommandText);
        foreach (var parameter in command.Parameters.Cast<NpgsqlParameter>().ToList())
            guarded.Parameters.Add(parameter.Clone());
        var batch = new NpgsqlBatch();
        batch.BatchCommands.Add(CreateCommand(tenantId));
        batch.BatchCommands.Add(guarded);
        return batch;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+\z")]
    private static partial Regex SettingName();
}

/// <summary>The policy of one table.</summary>
/// <param name="Name">The name of the policy.</param>
/// <param name="Setting">The setting that names the tenant.</param>
internal sealed record RowPolicy(string Name, string Setting)
{
    public string CreateScript(string table) =>
        $"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        + $"CREATE POLICY {Identifiers.Quote(Name)} ON {table} USING ({Condition}) WITH CHECK ({Condition});";

    public string DropScript(string table) =>
        $"DROP POLICY {Identifiers.Quote(Name)} ON {table};\nALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY;";

    /// <summary>Whether a condition in PostgreSQL's spelling is that of this policy.</summary>
    public bool IsSame(string condition) => condition.Contains($"current_setting({Identifiers.Literal(Setting)}::text, true)", StringComparison.Ordinal);

    private string Condition => $"tenant_id = current_setting({Identifiers.Literal(Setting)}, true)";
}
