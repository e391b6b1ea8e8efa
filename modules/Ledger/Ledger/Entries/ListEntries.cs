using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Entries, newest first.</summary>
/// <param name="Reference">Only those of an order or a gift card.</param>
/// <param name="Before">Behind which entry the page begins.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record ListEntries(string? Reference, EntryCursor? Before, int Limit) : IQuery<Page<EntryView>>;

internal sealed record EntryCursor(DateTimeOffset OccurredAt, Guid Id);

internal sealed class ListEntriesValidator : AbstractValidator<ListEntries>
{
    public ListEntriesValidator() => RuleFor(query => query.Reference).MaximumLength(200).NoNul();
}

internal sealed class ListEntriesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/entries", static async (string? reference, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListEntries(reference, PageCursor.Decode<EntryCursor>(http, cursor), PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("ledger:read")
        .WithName("ListEntries")
        .WithSummary("Lists entries, newest first; with reference those of an order or a gift card.")
        .Produces<Page<EntryView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListEntriesHandler(LedgerDatabase database) : IRequestHandler<ListEntries, Page<EntryView>>
{
    public async Task<Page<EntryView>> Handle(ListEntries request, CancellationToken cancellationToken)
    {
        var conditions = new List<string>();
        var values = new List<object>();
        if (request.Reference is { } reference)
        {
            values.Add(reference);
            conditions.Add($"entry.reference = ${values.Count}");
        }

        if (request.Before is { } before)
        {
            values.Add(before.OccurredAt.ToUniversalTime());
            values.Add(before.Id);
            conditions.Add($"(entry.occurred_at, entry.id) < (${values.Count - 1}, ${values.Count})");
        }

        values.Add(request.Limit + 1);
        var where = conditions.Count == 0 ? string.Empty : "where " + string.Join(" and ", conditions);
        var found = await EntryView.ReadAsync(database, $"{where} order by entry.occurred_at desc, entry.id desc limit ${values.Count}", [.. values], cancellationToken);
        return Page.Of(found, request.Limit, static item => new EntryCursor(item.OccurredAt, item.Id));
    }
}
