using Marten;

namespace ModularMonolith.Platform.Processes;

/// <summary>
/// The processes of one kind, for the handlers of the module that runs them. Whatever a handler does with a process is part of its unit of work, so a step's
/// effect, the state, timeouts and outgoing events are committed together or not at all. Of two handlers that change one process at the same moment,
/// one commits and the other runs again on the new state.
/// </summary>
/// <remarks>The pattern is the process manager of Hohpe and Woolf, Enterprise Integration Patterns (2003); compensation follows Garcia-Molina and Salem, Sagas (1987).</remarks>
/// <typeparam name="TStore">The module's internal store marker.</typeparam>
/// <typeparam name="TState">What the process remembers.</typeparam>
public interface IProcesses<TStore, TState>
    where TStore : class, IDocumentStore
    where TState : ProcessState, new()
{
    /// <summary>Begins a process. One with the same id makes the unit of work fail with a conflict.</summary>
    /// <param name="id">The process.</param>
    /// <returns>The process.</returns>
    RunningProcess<TState> Start(Guid id);

    /// <summary>Finds a process that has not ended.</summary>
    /// <param name="id">The process.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The process; null when there is none or it has ended.</returns>
    Task<RunningProcess<TState>?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Goes on with a process whose state was loaded by the module's own session in this unit of work, among others in one round trip, say.</summary>
    /// <param name="state">The state as it was loaded; null when there is none.</param>
    /// <returns>The process; null when there is none or it has ended.</returns>
    RunningProcess<TState>? Continue(TState? state);

    /// <summary>Finds a process, or begins it, for events of which either may come first.</summary>
    /// <param name="id">The process.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The process; null when it has ended.</returns>
    Task<RunningProcess<TState>?> FindOrStartAsync(Guid id, CancellationToken cancellationToken);
}
