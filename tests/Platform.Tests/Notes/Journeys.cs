using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Tests.Notes;

internal sealed class JourneyState : ProcessState
{
    public List<string> Visited { get; set; } = [];

    public int Reminders { get; set; }
}

[EventName("notes.place-reached")]
internal sealed record PlaceReached(Guid JourneyId, string Place) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Place;
}

[EventName("notes.place-left")]
internal sealed record PlaceLeft(Guid JourneyId, string Place) : IIntegrationEvent
{
    string IIntegrationEvent.Key => JourneyId.ToString();
}

[Timer("remind-traveller")]
internal sealed record RemindTraveller(Guid JourneyId) : ICommand;

internal sealed record BeginJourney(Guid JourneyId, bool Fails = false) : ICommand;

internal sealed record EndJourney(Guid JourneyId, bool Well, bool Fails = false) : ICommand;

/// <summary>Places come under different keys, so several are handled side by side and any may be first.</summary>
[Subscription("journey", Parallelism = 4)]
internal sealed class Journey(IProcesses<INotesStore, JourneyState> processes, TimeProvider time)
    : IHandle<PlaceReached>, IRequestHandler<BeginJourney, Unit>, IRequestHandler<EndJourney, Unit>, IRequestHandler<RemindTraveller, Unit>
{
    public async Task HandleAsync(PlaceReached integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await processes.FindOrStartAsync(integrationEvent.JourneyId, cancellationToken) is { } journey)
        {
            journey.State.Visited.Add(integrationEvent.Place);
            journey.CompensateWith(integrationEvent.Place, new PlaceLeft(integrationEvent.JourneyId, integrationEvent.Place));
        }
    }

    public Task<Unit> Handle(BeginJourney request, CancellationToken cancellationToken)
    {
        var journey = processes.Start(request.JourneyId);
        journey.SetTimeout("reminder", time.GetUtcNow().AddHours(1), new RemindTraveller(request.JourneyId));
        return request.Fails ? throw new InvalidOperationException("The command fails after the process has begun.") : Unit.Task;
    }

    public async Task<Unit> Handle(EndJourney request, CancellationToken cancellationToken)
    {
        var journey = await processes.FindAsync(request.JourneyId, cancellationToken);
        if (request.Well)
        {
            journey?.Complete();
        }
        else
        {
            journey?.Fail("It rained.");
        }

        return request.Fails ? throw new InvalidOperationException("The command fails after the process has ended.") : Unit.Value;
    }

    // Reminds twice, an hour apart, with one and the same timeout, and then gives the journey up.
    public async Task<Unit> Handle(RemindTraveller request, CancellationToken cancellationToken)
    {
        if (await processes.FindAsync(request.JourneyId, cancellationToken) is not { } journey)
        {
            return Unit.Value;
        }

        if (++journey.State.Reminders < 3)
        {
            journey.SetTimeout("reminder", time.GetUtcNow().AddHours(1), request);
        }
        else
        {
            journey.Fail("Nobody answers.");
        }

        return Unit.Value;
    }
}
