using JasperFx;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Tests.Notes;

/// <summary>A document of which the host keeps what it wrote last.</summary>
internal sealed class Sketch : IRevisioned, ICopyable<Sketch>
{
    public Guid Id { get; set; }

    public string Text { get; set; } = string.Empty;

    public bool IsClosed { get; set; }

    public int Version { get; set; }

    public Sketch Copy() => (Sketch)MemberwiseClone();
}

internal sealed record DrawSketch(Guid SketchId, bool IsClosed = false) : ICommand;

internal sealed class DrawSketchHandler(IModuleSession<INotesStore> session) : IRequestHandler<DrawSketch, Unit>
{
    public Task<Unit> Handle(DrawSketch request, CancellationToken cancellationToken)
    {
        var sketch = new Sketch { Id = request.SketchId, Text = "drawn", IsClosed = request.IsClosed };
        session.Documents.Insert(sketch);
        session.Keep(sketch.Id, sketch);
        return Unit.Task;
    }
}

/// <summary>Answers what it was decided on: "borrowed" or "read", and the text that it found.</summary>
[RetryOnConflict]
internal sealed record RefineSketch(Guid SketchId, string Text) : ICommand<string>;

/// <summary>The same for a command that may not run again.</summary>
internal sealed record RefineSketchOnce(Guid SketchId, string Text) : ICommand<string>;

internal sealed class RefineSketchHandler(IModuleSession<INotesStore> session) : IRequestHandler<RefineSketch, string>, IRequestHandler<RefineSketchOnce, string>
{
    public Task<string> Handle(RefineSketch request, CancellationToken cancellationToken) => RefineAsync(request.SketchId, request.Text, cancellationToken);

    public Task<string> Handle(RefineSketchOnce request, CancellationToken cancellationToken) => RefineAsync(request.SketchId, request.Text, cancellationToken);

    private async Task<string> RefineAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        var borrowed = session.Borrow<Sketch>(id);
        var sketch = borrowed ?? await session.Documents.LoadAsync<Sketch>(id, cancellationToken) ?? throw ProblemException.NotFound("sketch", id);
        if (sketch.IsClosed)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The sketch is closed.");
        }

        var found = sketch.Text;
        sketch.Text = found + ", " + text;
        session.Documents.UpdateRevision(sketch, sketch.Version + 1);
        session.Keep(sketch.Id, sketch);
        return (borrowed is null ? "read: " : "borrowed: ") + found;
    }
}
