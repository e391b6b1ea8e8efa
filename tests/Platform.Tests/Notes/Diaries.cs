using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Platform.Tests.Notes;

internal sealed record DiaryBegun(string Secret);

internal sealed record PageWritten(string Secret);

/// <summary>Begins a stream, or appends to one, and takes a note away by a condition.</summary>
internal sealed record WriteDiary(Guid DiaryId, bool Begins, int Pages, string Secret = "secret words") : ICommand;

internal sealed class WriteDiaryHandler(IModuleSession<INotesStore> session) : IRequestHandler<WriteDiary, Unit>
{
    public async Task<Unit> Handle(WriteDiary request, CancellationToken cancellationToken)
    {
        var pages = Enumerable.Repeat(0, request.Pages).Select(_ => (object)new PageWritten(request.Secret)).ToArray();
        if (request.Begins)
        {
            session.Events.StartStream(request.DiaryId, [new DiaryBegun(request.Secret), .. pages]);
            session.Documents.DeleteWhere<Seen>(static seen => seen.Key == "nobody");
        }
        else
        {
            var stream = await session.Events.FetchStreamStateAsync(request.DiaryId, cancellationToken);
            session.Events.Append(request.DiaryId, stream!.Version + pages.Length, pages);
        }

        return Unit.Value;
    }
}

/// <summary>Writes many notes at once.</summary>
internal sealed record WriteMany(int Count) : ICommand;

internal sealed class WriteManyHandler(IModuleSession<INotesStore> session, TimeProvider time) : IRequestHandler<WriteMany, Unit>
{
    public Task<Unit> Handle(WriteMany request, CancellationToken cancellationToken)
    {
        for (var number = 0; number < request.Count; number++)
        {
            session.Documents.Insert(new Note { Id = Guid.CreateVersion7(time.GetUtcNow()), Text = "one of many" });
        }

        return Unit.Task;
    }
}

/// <summary>Reads and changes nothing.</summary>
internal sealed record Ponder(Guid NoteId) : ICommand;

internal sealed class PonderHandler(IModuleSession<INotesStore> session) : IRequestHandler<Ponder, Unit>
{
    public async Task<Unit> Handle(Ponder request, CancellationToken cancellationToken)
    {
        await session.Documents.LoadAsync<Note>(request.NoteId, cancellationToken);
        return Unit.Value;
    }
}
