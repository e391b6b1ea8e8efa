using Microsoft.Extensions.Logging;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Sees to it that new events get positions which no cursor has passed. After the log was restored from an older backup than a module's schema, or its sequence was
/// reset, they would get lower ones, and subscriptions would skip them without a word.
/// </summary>
internal static partial class LogPositions
{
    /// <summary>Run by the admin, like <see cref="LogSchema.Log"/>. Neither function takes a parameter, so that any module may call them and none can do harm with them.</summary>
    // The cursors are read before the sequence: it only grows, so that one which is not behind never seems to be.
    public const string Schema = """
        create or replace function integration.overrun() returns bigint
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        declare
            part text;
            cursors bigint;
            furthest bigint := coalesce((select max(position) from integration.message), 0);
        begin
            for part in select format('%I.log_cursor', nspname) from pg_class join pg_namespace n on n.oid = relnamespace where relname = 'log_cursor' and relkind = 'r' loop
                if integration.is_plain_cursor(part) then
                    execute 'select max(greatest(position, replay_until)) from only ' || part into cursors;
                    furthest := greatest(furthest, cursors);
                end if;
            end loop;
            return greatest(0, furthest - (select case when is_called then last_value else last_value - 1 end from integration.message_position));
        end
        $$;
        create or replace function integration.keep_ahead() returns bigint
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        declare
            behind bigint := integration.overrun();
        begin
            if behind = 0 then
                return 0;
            end if;
            -- Changes nothing, and lets nobody draw a position while it is decided where the sequence goes on.
            perform set_config('lock_timeout', '10s', true);
            alter sequence integration.message_position increment by 1;
            behind := integration.overrun();
            if behind > 0 then
                perform setval('integration.message_position', (select case when is_called then last_value else last_value - 1 end from integration.message_position) + behind);
            end if;
            return behind;
        end
        $$;
        """;

    /// <summary>Moves the sequence of positions forward to where the furthest cursor or event is, if it is behind that.</summary>
    public static async Task KeepAheadAsync(NpgsqlDataSource source, ILogger logger, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select integration.keep_ahead()");
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! is > 0 and var moved)
        {
            LogMoved(logger, moved);
        }
    }

    /// <summary>How many positions will be drawn that cursors have passed already or events have already; 0 unless something is wrong.</summary>
    public static async Task<long> OverrunAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select integration.overrun()");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The log's sequence of positions was {Positions} behind the furthest cursor or event, as after the log was restored from an older backup than a module or the sequence was reset. "
        + "It was moved forward, so that no new event is skipped; events that the backup did not have are lost.")]
    private static partial void LogMoved(ILogger logger, long positions);
}
