using ModularMonolith.Platform.Data;

namespace ModularMonolith.Readers.Accounts;

/// <summary>Finds readers.</summary>
internal sealed class ReaderDesk(IModuleSession<IReadersStore> session)
{
    public async Task<Reader> RequireAsync(Guid id, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Reader>(id, cancellationToken) ?? throw new ReaderUnknownException(id);
}

internal sealed class ReaderUnknownException(Guid id) : Exception($"There is no reader {id}.");
