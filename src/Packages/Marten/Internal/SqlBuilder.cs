using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal;

/// <summary>Text and parameters of one statement. Parameters are positional: the builder writes <c>$1</c>, <c>$2</c> … itself.</summary>
internal sealed class SqlBuilder
{
    private readonly StringBuilder text = new();

    public List<NpgsqlParameter> Parameters { get; } = [];

    public SqlBuilder Append(string sql)
    {
        text.Append(sql);
        return this;
    }

    public SqlBuilder Append(char sql)
    {
        text.Append(sql);
        return this;
    }

    /// <summary>Adds a value and writes its placeholder. Without a type Npgsql infers it from the value.</summary>
    public SqlBuilder AppendParameter(object? value, NpgsqlDbType? type = null) => AppendParameter(CreateParameter(value, type));

    public SqlBuilder AppendParameter(NpgsqlParameter parameter)
    {
        Parameters.Add(parameter);
        text.Append('$').Append(Parameters.Count);
        return this;
    }

    public static NpgsqlParameter CreateParameter(object? value, NpgsqlDbType? type = null)
    {
        var parameter = new NpgsqlParameter { Value = ParameterValue(value) };
        if (type is { } known)
            parameter.NpgsqlDbType = known;
        return parameter;
    }

    /// <summary>The value as the driver takes it: it refuses times with an offset, which PostgreSQL would not keep.</summary>
    public static object ParameterValue(object? value) =>
        value is DateTimeOffset time && time.Offset != TimeSpan.Zero ? time.ToUniversalTime() : value ?? DBNull.Value;

    public NpgsqlCommand ToCommand()
    {
        var command = new NpgsqlCommand(text.ToString());
        foreach (var parameter in Parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(text.ToString());
        foreach (var parameter in Parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public override string ToString() => text.ToString();

    /// <summary>
    /// SQL of a caller with placeholders. A doubled placeholder stands for the character itself, and placeholders inside
    /// quoted text are left alone.
    /// </summary>
    public SqlBuilder AppendWithPlaceholders(string sql, char placeholder, IReadOnlyList<object?> values)
    {
        var next = 0;
        var quote = '\0';
        for (var i = 0; i < sql.Length; i++)
        {
            var c = sql[i];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                text.Append(c);
            }
            else if (c == placeholder && i + 1 < sql.Length && sql[i + 1] == placeholder)
            {
                text.Append(c);
                i++;
            }
            else if (c == placeholder)
            {
                if (next == values.Count)
                    throw new ArgumentException($"The statement has more placeholders '{placeholder}' than values ({values.Count}).", nameof(values));
                AppendParameter(values[next++]);
            }
            else
            {
                if (c is '\'' or '"')
                    quote = c;
                text.Append(c);
            }
        }

        if (next != values.Count)
            throw new ArgumentException($"The statement has {next} placeholders '{placeholder}' for {values.Count} values.", nameof(values));
        return this;
    }
}
