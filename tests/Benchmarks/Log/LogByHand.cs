using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace ModularMonolith.Benchmarks.Log;

/// <summary>What the same work costs with nothing around it: read events, deserialise them, insert their effects and move a cursor in one transaction.</summary>
internal sealed class LogByHand(NpgsqlDataSource source)
{
    private const int PageSize = 500;

    public async Task<double> BatchesAsync(string name, int batch)
    {
        await PrepareAsync();
        var started = Stopwatch.GetTimestamp();
        var done = 0;
        for (var position = 0L; ;)
        {
            var page = await ReadAsync(name, position, batch, 1, 0);
            if (page.Count == 0)
            {
                return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

            position = page[^1].Position;
            done += page.Count;
            await CommitAsync(0, page, position);
        }
    }

    public async Task<double> SinglesAsync(string name, int lanes)
    {
        await PrepareAsync();
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            var done = 0;
            for (var position = 0L; ;)
            {
                var page = await ReadAsync(name, position, PageSize, lanes, lane);
                foreach (var message in page)
                {
                    position = message.Position;
                    await CommitAsync(lane, [message], position);
                    done++;
                }

                if (page.Count == 0)
                {
                    return done;
                }
            }
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task PrepareAsync()
    {
        await using var command = source.CreateCommand("""
            create table if not exists public.hand_effect (message_id uuid not null, number integer not null);
            create table if not exists public.hand_cursor (lane integer primary key, position bigint not null);
            truncate public.hand_effect, public.hand_cursor;
            insert into public.hand_cursor select lane, 0 from generate_series(0, 63) lane;
            """);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<(long Position, Guid Id, int Number)>> ReadAsync(string name, long after, int limit, int lanes, int lane)
    {
        await using var command = source.CreateCommand(
            "select position, id, payload::text from integration.message where name = $1 and position > $2 and abs(hashtext(key)) % $4 = $5 order by position limit $3");
        foreach (var value in new object[] { name, after, limit, lanes, lane })
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var page = new List<(long, Guid, int)>();
        while (await reader.ReadAsync())
        {
            page.Add((reader.GetInt64(0), reader.GetGuid(1), JsonSerializer.Deserialize<Many>(reader.GetString(2), JsonSerializerOptions.Web)!.Number));
        }

        return page;
    }

    private async Task CommitAsync(int lane, List<(long Position, Guid Id, int Number)> page, long position)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("insert into public.hand_effect (message_id, number) select * from unnest($1::uuid[], $2::int[])")
                {
                    Parameters = { new() { Value = page.Select(static message => message.Id).ToArray() }, new() { Value = page.Select(static message => message.Number).ToArray() } },
                },
                new NpgsqlBatchCommand("update public.hand_cursor set position = $2 where lane = $1") { Parameters = { new() { Value = lane }, new() { Value = position } } },
            },
        };
        await batch.ExecuteNonQueryAsync();
    }
}
