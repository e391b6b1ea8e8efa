using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SignIns;

internal sealed record ListSessions(Guid? Current, Guid? After, int Limit) : IQuery<Page<SessionView>>;

/// <summary>A session as its owner sees it.</summary>
/// <param name="Id">The session.</param>
/// <param name="ClientId">The client program, when it is known.</param>
/// <param name="Ip">The address it was started from.</param>
/// <param name="UserAgent">What the program said it is.</param>
/// <param name="CreatedAt">The sign-in.</param>
/// <param name="LastSeenAt">When it was used last.</param>
/// <param name="IsCurrent">Whether this request belongs to it.</param>
internal sealed record SessionView(Guid Id, string? ClientId, string? Ip, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool IsCurrent);

internal sealed class ListSessionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/account/sessions", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListSessions(SessionOrigin.SessionOf(http), PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit)), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequireSubject()
        .WithName("ListSessions")
        .WithSummary("Where the caller is signed in, newest first.")
        .Produces<Page<SessionView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized);
}

internal sealed class ListSessionsHandler(IModuleSession<IIdentityStore> session, ICaller caller, TimeProvider time) : IRequestHandler<ListSessions, Page<SessionView>>
{
    public async Task<Page<SessionView>> Handle(ListSessions request, CancellationToken cancellationToken)
    {
        var (subject, now) = (caller.RequireSubject(), time.GetUtcNow());
        var sessions = session.Documents.Query<Session>().Where(found => found.Subject == subject && found.RevokedAt == null && found.ExpiresAt > now);
        if (request.After is { } after)
        {
            sessions = sessions.Where(found => found.MatchesSql("d.id < ?", after));
        }

        var page = await sessions.OrderByDescending(static found => found.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            page,
            request.Limit,
            found => new SessionView(found.Id, found.ClientId, found.Ip, found.UserAgent, found.CreatedAt, found.LastSeenAt, found.Id == request.Current),
            static item => new IdCursor(item.Id));
    }
}
