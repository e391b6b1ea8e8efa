using Marten.Internal;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>One statement of a query with the parameters of its first run.</summary>
/// <param name="Sql">The text.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Arguments">How those of the query change from run to run.</param>
/// <param name="Own">How those that only this statement has change.</param>
internal sealed record PlannedCommand(string Sql, IReadOnlyList<NpgsqlParameter> Parameters, QueryArguments? Arguments, QueryArguments? Own = null)
{
    /// <summary>The statement with the values of one query.</summary>
    public NpgsqlBatchCommand ToBatchCommand(object? query, QuerySession session)
    {
        var command = new NpgsqlBatchCommand(Sql);
        Fill(command.Parameters, query, session);
        return command;
    }

    /// <inheritdoc cref="ToBatchCommand" />
    public NpgsqlCommand ToCommand(object query, QuerySession session)
    {
        var command = new NpgsqlCommand(Sql);
        Fill(command.Parameters, query, session);
        return command;
    }

    private void Fill(NpgsqlParameterCollection target, object? query, QuerySession session)
    {
        foreach (var parameter in Parameters)
            target.Add(parameter.Clone());
        if (query is null)
            return;
        foreach (var (index, read) in (Arguments?.Parameters ?? []).Concat(Own?.Parameters ?? []))
            target[index].Value = SqlBuilder.ParameterValue(read(query, session));
    }
}
