using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Benchmarks.Stores;

/// <summary>What the store is compared with: one table, one statement for each piece of work.</summary>
internal sealed class Handwritten(NpgsqlDataSource source)
{
    public async Task CreateAsync()
    {
        await using var command = source.CreateCommand("drop table if exists by_hand; create table by_hand (id uuid primary key, data jsonb not null)");
        await command.ExecuteNonQueryAsync();
    }

    public async Task InsertAsync()
    {
        var note = Note.Next();
        await using var command = source.CreateCommand("insert into by_hand (id, data) values ($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = note.Id });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = JsonSerializer.SerializeToUtf8Bytes(note), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<Note> LoadAsync(Guid id)
    {
        await using var command = source.CreateCommand("select data from by_hand where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return JsonSerializer.Deserialize<Note>(reader.GetFieldValue<byte[]>(0))!;
    }

    public async Task CopyAsync(IReadOnlyList<Note> notes)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("copy by_hand (id, data) from stdin (format binary)");
        foreach (var note in notes)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(note.Id, NpgsqlDbType.Uuid);
            await copy.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(note), NpgsqlDbType.Jsonb);
        }

        await copy.CompleteAsync();
    }
}
