using Carter;
using FluentValidation;
using JasperFx;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Tests.Notes;

internal interface INotesStore : IDocumentStore;

[Module("notes", Owner = "platform", Purpose = "A small module on which the platform's own tests stand.")]
[Permission("notes:read", "See the closed part.")]
internal sealed class NotesModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton<ProbeFaults>();
        module.UseStore<INotesStore>(options =>
        {
            options.Schema.For<Note>();
            options.Schema.For<Seen>();
            options.Schema.For<Sketch>();
            options.Events.MapEventType<DiaryBegun>("diary_begun");
            options.Events.MapEventType<PageWritten>("page_written");
        })
        .AddSchemaScript("create table if not exists note_audit (id bigint generated always as identity primary key, text text not null)")
        .AddSchemaScript(ProbeEffect.Table)
        .AddProcess<INotesStore, JourneyState>("journey")
        .AddRecurring<SweepNotes>("sweep-notes", "0 0 1 * *");
    }
}

internal sealed class Note : IRevisioned
{
    public Guid Id { get; set; }

    public string Text { get; set; } = string.Empty;

    public int Count { get; set; }

    public int Version { get; set; }
}

/// <summary>One per delivered event: the effect whose count shows how often it happened.</summary>
internal sealed class Seen
{
    public Guid Id { get; set; }

    public string Key { get; set; } = string.Empty;

    public int Number { get; set; }

    public long Position { get; set; }
}

[EventName("notes.note-written")]
internal sealed record NoteWritten(string NoteKey, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => NoteKey;
}

internal sealed record NoteView(Guid Id, string Text, int Count);

internal sealed record WriteNote(string Text, string? Fault = null) : ICommand<NoteView>;

internal sealed class WriteNoteValidator : AbstractValidator<WriteNote>
{
    public WriteNoteValidator() => RuleFor(command => command.Text).NotEmpty().MaximumLength(50);
}

internal sealed class WriteNoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/notes", static async (WriteNote body, ISender sender, CancellationToken cancellationToken) =>
        {
            var note = await sender.Send(body, cancellationToken);
            return Results.Created("/api/notes/notes/" + note.Id, note);
        }).AllowAnonymous().RequireIdempotencyKey();
        app.MapGet("/failing", static IResult () => throw new InvalidOperationException("secret detail")).AllowAnonymous();
        app.MapGet("/closed", static () => "in").RequirePermission("notes:read");
        app.MapGet("/old", static () => "still here").AllowAnonymous()
            .Deprecated(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "/docs/#/notes");
        app.MapPost("/sign-ins", static () => "in").AllowAnonymous().RequireRateLimiting(RateLimitPolicies.SignIn);
        app.MapGet("/loose", static (string? known, HttpContext http) => $"{known}{http.Request.Query["other"]}").AllowAnonymous().IgnoresUnknownParameters();
    }
}

internal sealed class WriteNoteHandler(IModuleSession<INotesStore> session, TimeProvider time) : IRequestHandler<WriteNote, NoteView>
{
    public Task<NoteView> Handle(WriteNote request, CancellationToken cancellationToken)
    {
        var note = new Note { Id = Guid.CreateVersion7(time.GetUtcNow()), Text = request.Text };
        session.Documents.Store(note);
        session.Documents.QueueSqlCommand("insert into note_audit (text) values (?)", request.Text);
        session.Publish(new NoteWritten(request.Text, 1));
        return request.Fault == "handler"
            ? throw new InvalidOperationException("The handler fails after it has queued everything.")
            : Task.FromResult(new NoteView(note.Id, note.Text, note.Count));
    }
}

[RetryOnConflict(Attempts = 20)]
internal sealed record CountUp(Guid NoteId) : ICommand<int>;

internal sealed class CountUpHandler(IModuleSession<INotesStore> session) : IRequestHandler<CountUp, int>
{
    public async Task<int> Handle(CountUp request, CancellationToken cancellationToken)
    {
        var note = await session.Documents.LoadAsync<Note>(request.NoteId, cancellationToken) ?? throw ProblemException.NotFound("note", request.NoteId);
        note.Count++;
        session.Documents.UpdateRevision(note, note.Version + 1);
        return note.Count;
    }
}

/// <summary>Sends a second command of the same module, which the platform refuses.</summary>
internal sealed record WriteTwice(Guid NoteId) : ICommand<int>;

internal sealed class WriteTwiceHandler(ISender sender) : IRequestHandler<WriteTwice, int>
{
    public Task<int> Handle(WriteTwice request, CancellationToken cancellationToken) => sender.Send(new CountUp(request.NoteId), cancellationToken);
}

[Subscription("remember-note")]
internal sealed class WhenNoteWritten(IModuleSession<INotesStore> session) : IHandle<NoteWritten>
{
    public async Task HandleAsync(NoteWritten integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.Documents.Store(new Seen { Id = context.MessageId, Key = integrationEvent.NoteKey, Number = integrationEvent.Number, Position = context.Position });
        if (integrationEvent.NoteKey == "delivered elsewhere" && context.Attempt == 1)
        {
            // What a second host, or a commit whose answer was lost, leaves behind: the cursor has moved on.
            await using var other = session.Store.LightweightSession();
            other.QueueSqlCommand("update log_cursor set position = ? where subscription = 'remember-note'", context.Position);
            await other.SaveChangesAsync(cancellationToken);
        }

        if (integrationEvent.NoteKey == "poison" || (integrationEvent.NoteKey == "flaky" && context.Attempt < 3))
        {
            await Task.CompletedTask;
            throw new InvalidOperationException("This event cannot be handled.");
        }
    }
}
