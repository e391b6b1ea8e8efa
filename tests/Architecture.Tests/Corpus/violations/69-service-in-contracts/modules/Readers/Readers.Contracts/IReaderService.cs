namespace ModularMonolith.Readers.Contracts;

/// <summary>Finds readers.</summary>
public interface IReaderDirectory // finds: contracts-hold-no-behaviour "is a service: what it does is for the module that has it"
{
    /// <summary>Finds one.</summary>
    /// <param name="id">The reader.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ReaderView> FindAsync(Guid id, CancellationToken cancellationToken);
}
