using System.Linq.Expressions;
using JasperFx.Events;
using JasperFx.Events.Protected;
using Marten.Internal.Sessions;

namespace JasperFx.Events.Protected
{
    /// <summary>Which stored events lose their protected data. The rules are those of the store's event options.</summary>
    public interface IEventDataMasking
    {
        /// <summary>Masks events of one tenant.</summary>
        IEventDataMasking ForTenant(string tenantId);

        /// <summary>Masks all events of a stream.</summary>
        IEventDataMasking IncludeStream(Guid streamId);

        /// <summary>Masks all events of a stream.</summary>
        IEventDataMasking IncludeStream(string streamKey);

        /// <summary>Masks those events of a stream for which the filter is true.</summary>
        IEventDataMasking IncludeStream(Guid streamId, Func<IEvent, bool> filter);

        /// <summary>Masks those events of a stream for which the filter is true.</summary>
        IEventDataMasking IncludeStream(string streamKey, Func<IEvent, bool> filter);

        /// <summary>Masks all events for which the condition, translated to SQL, is true.</summary>
        IEventDataMasking IncludeEvents(Expression<Func<IEvent, bool>> filter);

        /// <summary>Writes a header to all masked events, where the store keeps headers.</summary>
        IEventDataMasking AddHeader(string key, object value);
    }
}

namespace Marten.Events.Protected
{
    /// <summary>What hides the protected data of events.</summary>
    internal sealed class MaskingRules
    {
        private readonly List<Func<IEvent, bool>> rules = [];

        public void Add<T>(Action<T?> action) => rules.Add(item =>
        {
            if (item.Data is not T body)
                return false;
            action(body);
            return true;
        });

        public void Add<T>(Func<T?, T?> func) => rules.Add(item =>
        {
            if (item.Data is not T body)
                return false;
            var masked = func(body) ?? throw new InvalidOperationException($"The masking rule for {typeof(T).Name} returned null; an event needs a body.");
            return ((IMutableEvent)item).TryReplace(masked);
        });

        /// <summary>Applies all rules for the type of an event, or for what it is derived from.</summary>
        /// <returns>Whether there was one.</returns>
        public bool TryMask(IEvent item)
        {
            var masked = false;
            foreach (var rule in rules)
                masked |= rule(item);
            return masked;
        }
    }

    /// <summary>Masks stored events in one transaction.</summary>
    internal sealed class EventDataMasking(DocumentStore store) : IEventDataMasking
    {
        private readonly List<Func<IDocumentSession, CancellationToken, Task<IReadOnlyList<IEvent>>>> sources = [];
        private readonly Dictionary<string, object> headers = [];
        private string? tenant;

        public IEventDataMasking ForTenant(string tenantId)
        {
            tenant = tenantId;
            return this;
        }

        public IEventDataMasking IncludeStream(Guid streamId) => Include((session, token) => session.Events.FetchStreamAsync(streamId, token: token));

        public IEventDataMasking IncludeStream(string streamKey) => Include((session, token) => session.Events.FetchStreamAsync(streamKey, token: token));

        public IEventDataMasking IncludeStream(Guid streamId, Func<IEvent, bool> filter) =>
            Include(async (session, token) => [.. (await session.Events.FetchStreamAsync(streamId, token: token)).Where(filter)]);

        public IEventDataMasking IncludeStream(string streamKey, Func<IEvent, bool> filter) =>
            Include(async (session, token) => [.. (await session.Events.FetchStreamAsync(streamKey, token: token)).Where(filter)]);

        public IEventDataMasking IncludeEvents(Expression<Func<IEvent, bool>> filter) =>
            Include((session, token) => session.Events.QueryAllRawEvents().Where(filter).ToListAsync(token));

        public IEventDataMasking AddHeader(string key, object value)
        {
            headers[key] = value;
            return this;
        }

        public async Task ApplyAsync(CancellationToken token)
        {
            if (sources.Count == 0)
                throw new InvalidOperationException("Nothing says which events to mask. Call IncludeStream or IncludeEvents.");
            await using var session = new DocumentSession(store, new Marten.Services.SessionOptions { TenantId = tenant ?? Storage.TenantIds.Default, AllowAnyTenant = true });
            foreach (var source in sources)
            {
                foreach (var item in await source(session, token))
                {
                    if (!store.Options.EventGraph.Masking.TryMask(item))
                        continue;
                    foreach (var (key, value) in headers)
                        item.SetHeader(key, value);
                    session.Events.OverwriteEvent(item);
                }
            }

            await session.SaveChangesAsync(token);
        }

        private EventDataMasking Include(Func<IDocumentSession, CancellationToken, Task<IReadOnlyList<IEvent>>> source)
        {
            sources.Add(source);
            return this;
        }
    }
}
