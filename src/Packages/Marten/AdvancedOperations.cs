using Marten.Internal.Storage;
using Marten.Schema;
using Marten.Storage;

namespace Marten
{
    /// <summary>Maintenance of a store.</summary>
    public class AdvancedOperations
    {
        private readonly DocumentStore store;

        internal AdvancedOperations(DocumentStore store)
        {
            this.store = store;
            Clean = new DocumentCleaner(store);
        }

        /// <summary>Deletes documents and events, and drops tables.</summary>
        public IDocumentCleaner Clean { get; }

        /// <summary>The serializer.</summary>
        public ISerializer Serializer => store.Options.Serializer();

        /// <summary>The data that <see cref="ResetAllData"/> writes into the emptied store.</summary>
        public List<IInitialData> InitialDataCollection { get; } = [];

        /// <summary>Deletes all documents and events and writes the initial data. For tests and development.</summary>
        public async Task ResetAllData(CancellationToken cancellation = default)
        {
            await Clean.DeleteAllDocumentsAsync(cancellation);
            await Clean.DeleteAllEventDataAsync(cancellation);
            foreach (var data in InitialDataCollection)
                await data.Populate(store, cancellation);
        }

        /// <summary>Overwrites the protected data of stored events by the rules of the store, in one transaction.</summary>
        /// <exception cref="InvalidOperationException">Nothing says which events to mask.</exception>
        public Task ApplyEventDataMasking(Action<JasperFx.Events.Protected.IEventDataMasking> configure, CancellationToken token = default)
        {
            ArgumentNullException.ThrowIfNull(configure);
            var masking = new Events.Protected.EventDataMasking(store);
            configure(masking);
            return masking.ApplyAsync(token);
        }

        /// <summary>Makes sure that identities up to a number are never handed out for documents of a type.</summary>
        public async Task ResetHiloSequenceFloor<T>(long floor)
        {
            await store.Database.EnsureAsync(typeof(HiloSequence), CancellationToken.None);
            await store.NumbersFor(store.StorageFor(typeof(T))).SetFloorAsync(floor, CancellationToken.None);
        }
    }
}

namespace Marten.Schema
{
    /// <summary>Data that a store begins with.</summary>
    public interface IInitialData
    {
        /// <summary>Writes the data; may be called when it is there already.</summary>
        Task Populate(IDocumentStore store, CancellationToken cancellation);
    }

    /// <summary>Deletes documents and events, and drops tables. For tests and development.</summary>
    public interface IDocumentCleaner
    {
        /// <summary>Deletes all documents of the store's schemas.</summary>
        Task DeleteAllDocumentsAsync(CancellationToken ct = default);

        /// <summary>Deletes all documents of one type.</summary>
        Task DeleteDocumentsByTypeAsync(Type documentType, CancellationToken ct = default);

        /// <summary>Deletes all documents but those of some types.</summary>
        Task DeleteDocumentsExceptAsync(params Type[] documentTypes);

        /// <inheritdoc cref="DeleteDocumentsExceptAsync(Type[])" />
        Task DeleteDocumentsExceptAsync(CancellationToken ct, params Type[] documentTypes);

        /// <summary>Drops the table of one type.</summary>
        Task CompletelyRemoveAsync(Type documentType, CancellationToken ct = default);

        /// <summary>Drops everything that the store made in its schemas.</summary>
        Task CompletelyRemoveAllAsync(CancellationToken ct = default);

        /// <summary>Deletes all events and streams.</summary>
        Task DeleteAllEventDataAsync(CancellationToken ct = default);

        /// <summary>Deletes one stream with its events.</summary>
        Task DeleteSingleEventStreamAsync(Guid streamId, string? tenantId = null, CancellationToken ct = default);

        /// <inheritdoc cref="DeleteSingleEventStreamAsync(Guid, string?, CancellationToken)" />
        Task DeleteSingleEventStreamAsync(string streamId, string? tenantId = null, CancellationToken ct = default);
    }
}
