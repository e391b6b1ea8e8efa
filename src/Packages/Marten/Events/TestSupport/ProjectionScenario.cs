using JasperFx.Events.Daemon;
using JasperFx.Events.TestSupport;

namespace JasperFx.Events.TestSupport
{
    /// <summary>A document was not as a scenario expected.</summary>
    public class ProjectionScenarioAssertionException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public ProjectionScenarioAssertionException(string message)
            : base(message)
        {
        }
    }

    /// <summary>Steps of a scenario failed.</summary>
    public class ProjectionScenarioException : AggregateException
    {
        /// <summary>Creates the exception.</summary>
        /// <param name="descriptions">All steps, and what became of each.</param>
        /// <param name="exceptions">Why steps failed.</param>
        public ProjectionScenarioException(IReadOnlyList<string> descriptions, IEnumerable<Exception> exceptions)
            : base("The scenario of projections failed:" + Environment.NewLine + string.Join(Environment.NewLine, descriptions), exceptions)
        {
        }
    }
}

namespace Marten.Events.TestSupport
{
    /// <summary>What happens to projections, step by step, and what they should have written then.</summary>
    public sealed class ProjectionScenario
    {
        private readonly DocumentStore store;
        private readonly List<Step> steps = [];

        internal ProjectionScenario(DocumentStore store) => this.store = store;

        /// <summary>Keeps the events and documents that exist, which are otherwise deleted first.</summary>
        public bool DoNotDeleteExistingData { get; set; }

        /// <summary>Starts a stream.</summary>
        public void StartStream<T>(Guid id, params object[] events) where T : class => Act($"start {typeof(T).Name} {id}", s => s.Events.StartStream<T>(id, events));

        /// <summary>Starts a stream.</summary>
        public void StartStream<T>(string key, params object[] events) where T : class => Act($"start {typeof(T).Name} {key}", s => s.Events.StartStream<T>(key, events));

        /// <summary>Appends to a stream.</summary>
        public void Append(Guid stream, params object[] events) => Act($"append to {stream}", s => s.Events.Append(stream, events));

        /// <summary>Appends to a stream.</summary>
        public void Append(string stream, params object[] events) => Act($"append to {stream}", s => s.Events.Append(stream, events));

        /// <summary>Does something else with events.</summary>
        public void AppendEvents(string description, Action<IEventStoreOperations> appendAction) => Act(description, s => appendAction(s.Events));

        /// <summary>Does something else with events.</summary>
        public void AppendEvents(Action<IEventStoreOperations> appendAction) => AppendEvents("append events", appendAction);

        /// <summary>Expects a document, after all projections have processed the events before.</summary>
        public void DocumentShouldExist<T>(Guid id, Action<T>? assertions = null) where T : class => Exists(id, assertions);

        /// <inheritdoc cref="DocumentShouldExist{T}(Guid, Action{T}?)" />
        public void DocumentShouldExist<T>(string id, Action<T>? assertions = null) where T : class => Exists(id, assertions);

        /// <inheritdoc cref="DocumentShouldExist{T}(Guid, Action{T}?)" />
        public void DocumentShouldExist<T>(int id, Action<T>? assertions = null) where T : class => Exists(id, assertions);

        /// <inheritdoc cref="DocumentShouldExist{T}(Guid, Action{T}?)" />
        public void DocumentShouldExist<T>(long id, Action<T>? assertions = null) where T : class => Exists(id, assertions);

        /// <summary>Expects that there is no document, after all projections have processed the events before.</summary>
        public void DocumentShouldNotExist<T>(Guid id) where T : class => Missing<T>(id);

        /// <inheritdoc cref="DocumentShouldNotExist{T}(Guid)" />
        public void DocumentShouldNotExist<T>(string id) where T : class => Missing<T>(id);

        /// <inheritdoc cref="DocumentShouldNotExist{T}(Guid)" />
        public void DocumentShouldNotExist<T>(int id) where T : class => Missing<T>(id);

        /// <inheritdoc cref="DocumentShouldNotExist{T}(Guid)" />
        public void DocumentShouldNotExist<T>(long id) where T : class => Missing<T>(id);

        /// <summary>Expects something else of what the projections wrote.</summary>
        public void AssertAgainstProjectedData(string description, Func<IQuerySession, CancellationToken, Task> assertions) => steps.Add(new Step(description, null, assertions));

        internal async Task ExecuteAsync(CancellationToken token)
        {
            if (!DoNotDeleteExistingData)
            {
                await store.Advanced.Clean.DeleteAllEventDataAsync(token);
                await store.Advanced.Clean.DeleteAllDocumentsAsync(token);
            }

            using var daemon = await store.BuildProjectionDaemonAsync();
            await using var session = store.LightweightSession();
            var descriptions = new List<string>();
            var failures = new List<Exception>();
            for (var i = 0; i < steps.Count; i++)
            {
                try
                {
                    await RunAsync(steps[i], i + 1 == steps.Count || steps[i + 1].Assert is not null, session, daemon, token);
                    descriptions.Add($"{i + 1}. {steps[i].Description}");
                }
                catch (Exception exception) when (!token.IsCancellationRequested)
                {
                    descriptions.Add($"{i + 1}. FAILED: {steps[i].Description}: {exception.Message}");
                    failures.Add(exception);

                    // What was to be asserted behind it would say nothing.
                    if (steps[i].Act is not null)
                        break;
                }
            }

            if (failures.Count > 0)
                throw new ProjectionScenarioException(descriptions, failures);
        }

        private async Task RunAsync(Step step, bool saves, IDocumentSession session, IProjectionDaemon daemon, CancellationToken token)
        {
            if (step.Assert is { } assert)
            {
                await using var query = store.QuerySession();
                await assert(query, token);
                return;
            }

            step.Act!(session);
            if (!saves)
                return;
            await session.SaveChangesAsync(token);
            if (store.Options.Projections.HasAnyAsyncProjections())
                await daemon.CatchUpAsync(token);
        }

        private void Act(string description, Action<IDocumentSession> action) => steps.Add(new Step(description, action, null));

        private void Exists<T>(object id, Action<T>? assertions) where T : class => steps.Add(new Step($"{typeof(T).Name} {id} exists", null, async (query, token) =>
        {
            var document = await query.LoadAsync<T>(id, token) ?? throw new ProjectionScenarioAssertionException($"There is no {typeof(T).Name} {id}.");
            assertions?.Invoke(document);
        }));

        private void Missing<T>(object id) where T : class => steps.Add(new Step($"{typeof(T).Name} {id} does not exist", null, async (query, token) =>
        {
            if (await query.LoadAsync<T>(id, token) is not null)
                throw new ProjectionScenarioAssertionException($"There is a {typeof(T).Name} {id}.");
        }));

        private sealed record Step(string Description, Action<IDocumentSession>? Act, Func<IQuerySession, CancellationToken, Task>? Assert);
    }
}
