using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Tests.Notes;

internal sealed record PlanReminder(Guid TimerId, DateTimeOffset At, string Text, bool Fails = false, TimeSpan? Again = null) : ICommand;

internal sealed class PlanReminderHandler(IModuleSession<INotesStore> session) : IRequestHandler<PlanReminder, Unit>
{
    public Task<Unit> Handle(PlanReminder request, CancellationToken cancellationToken)
    {
        session.Schedule(request.TimerId, request.At, new Remind(request.Text, request.TimerId, request.Again));
        return request.Fails ? throw new InvalidOperationException("The command fails after it has scheduled.") : Unit.Task;
    }
}

internal sealed record CancelReminder(Guid TimerId) : ICommand;

internal sealed class CancelReminderHandler(IModuleSession<INotesStore> session) : IRequestHandler<CancelReminder, Unit>
{
    public Task<Unit> Handle(CancelReminder request, CancellationToken cancellationToken)
    {
        session.Unschedule(request.TimerId);
        return Unit.Task;
    }
}

[Timer("remind")]
internal sealed record Remind(string Text, Guid TimerId = default, TimeSpan? Again = null) : ICommand;

internal sealed class RemindHandler(IModuleSession<INotesStore> session, ProbeFaults faults, TimeProvider time) : IRequestHandler<Remind, Unit>
{
    public async Task<Unit> Handle(Remind request, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand("insert into note_audit (text) values (?)", request.Text);
        await faults.MeetAsync(request.Text, 1);
        if (request.Again is { } pause)
        {
            session.Schedule(request.TimerId, time.GetUtcNow() + pause, request);
        }

        return Unit.Value;
    }
}

internal sealed record SweepNotes : ICommand;

internal sealed class SweepNotesHandler(IModuleSession<INotesStore> session) : IRequestHandler<SweepNotes, Unit>
{
    public Task<Unit> Handle(SweepNotes request, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand("insert into note_audit (text) values ('swept')");
        return Unit.Task;
    }
}
