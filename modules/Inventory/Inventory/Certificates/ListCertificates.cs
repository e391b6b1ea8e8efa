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

namespace ModularMonolith.Inventory.Certificates;

/// <summary>Certificates, the newest first.</summary>
internal sealed record ListCertificates(int Limit, Guid? After) : IQuery<Page<CertificateSummary>>;

/// <summary>A certificate in a list.</summary>
/// <param name="Id">The certificate.</param>
/// <param name="Status">Whether the invariants held.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="CompletedAt">When it was complete.</param>
/// <param name="Differences">How much did not agree; null until it is complete.</param>
/// <param name="Hash">The SHA-256 of the findings.</param>
internal sealed record CertificateSummary(Guid Id, CertificateStatus Status, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? CompletedAt, int? Differences, string? Hash);

internal sealed class ListCertificatesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/certificates", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListCertificates(PageCursor.Size(limit), PageCursor.Decode<IdCursor>(http, cursor)?.Id), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListCertificates").WithSummary("Lists certificates, the newest first.")
        .Produces<Page<CertificateSummary>>().ProducesProblem(400);
}

internal sealed class ListCertificatesHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListCertificates, Page<CertificateSummary>>
{
    public async Task<Page<CertificateSummary>> Handle(ListCertificates request, CancellationToken cancellationToken)
    {
        IQueryable<StockCertificate> query = session.Documents.Query<StockCertificate>();
        if (request.After is { } after)
        {
            query = query.Where(certificate => certificate.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await query.OrderByDescending(static certificate => certificate.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            found,
            request.Limit,
            static certificate => new CertificateSummary(
                certificate.Id, certificate.Status, certificate.RequestedBy, certificate.RequestedAt, certificate.CompletedAt, certificate.Findings?.DifferenceCount, certificate.Hash),
            static item => new IdCursor(item.Id));
    }
}
