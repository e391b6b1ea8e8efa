using Marten.Internal;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten;

/// <summary>Documents as JSON, without deserializing them.</summary>
public interface IJsonLoader
{
    /// <summary>The JSON of a document, or null.</summary>
    Task<string?> FindByIdAsync<T>(object id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="FindByIdAsync{T}(object, CancellationToken)" />
    Task<string?> FindByIdAsync<T>(string id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="FindByIdAsync{T}(object, CancellationToken)" />
    Task<string?> FindByIdAsync<T>(int id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="FindByIdAsync{T}(object, CancellationToken)" />
    Task<string?> FindByIdAsync<T>(long id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="FindByIdAsync{T}(object, CancellationToken)" />
    Task<string?> FindByIdAsync<T>(Guid id, CancellationToken token = default) where T : notnull;

    /// <summary>Writes the JSON of a document as UTF-8 and returns whether it exists.</summary>
    Task<bool> StreamById<T>(int id, Stream destination, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="StreamById{T}(int, Stream, CancellationToken)" />
    Task<bool> StreamById<T>(long id, Stream destination, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="StreamById{T}(int, Stream, CancellationToken)" />
    Task<bool> StreamById<T>(string id, Stream destination, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="StreamById{T}(int, Stream, CancellationToken)" />
    Task<bool> StreamById<T>(Guid id, Stream destination, CancellationToken token = default) where T : notnull;
}

internal sealed class JsonLoader(QuerySession session) : IJsonLoader
{
    public Task<string?> FindByIdAsync<T>(object id, CancellationToken token = default) where T : notnull => FindAsync<T>(id, token);

    public Task<string?> FindByIdAsync<T>(string id, CancellationToken token = default) where T : notnull => FindAsync<T>(id, token);

    public Task<string?> FindByIdAsync<T>(int id, CancellationToken token = default) where T : notnull => FindAsync<T>(id, token);

    public Task<string?> FindByIdAsync<T>(long id, CancellationToken token = default) where T : notnull => FindAsync<T>(id, token);

    public Task<string?> FindByIdAsync<T>(Guid id, CancellationToken token = default) where T : notnull => FindAsync<T>(id, token);

    public Task<bool> StreamById<T>(int id, Stream destination, CancellationToken token = default) where T : notnull => StreamAsync<T>(id, destination, token);

    public Task<bool> StreamById<T>(long id, Stream destination, CancellationToken token = default) where T : notnull => StreamAsync<T>(id, destination, token);

    public Task<bool> StreamById<T>(string id, Stream destination, CancellationToken token = default) where T : notnull => StreamAsync<T>(id, destination, token);

    public Task<bool> StreamById<T>(Guid id, Stream destination, CancellationToken token = default) where T : notnull => StreamAsync<T>(id, destination, token);

    private async Task<string?> FindAsync<T>(object id, CancellationToken token) where T : notnull
    {
        await using var command = await CommandAsync<T>(id, token);
        return await session.ReadAsync(command, static async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetString(0) : null, token);
    }

    private async Task<bool> StreamAsync<T>(object id, Stream destination, CancellationToken token) where T : notnull
    {
        await using var command = await CommandAsync<T>(id, token);
        await using var reader = (NpgsqlDataReader)await session.ExecuteReaderAsync(command, token);
        if (!await reader.ReadAsync(token))
            return false;
        await JsonColumn.CopyToAsync(reader, 0, destination, token);
        return true;
    }

    private async Task<NpgsqlCommand> CommandAsync<T>(object id, CancellationToken token) where T : notnull
    {
        var storage = session.StorageFor<T>();
        await session.EnsureStorageAsync(typeof(T), token);
        var command = new NpgsqlCommand(storage.Sql.LoadJson);
        foreach (var parameter in storage.Key(id, session))
            command.Parameters.Add(parameter);
        return command;
    }
}
