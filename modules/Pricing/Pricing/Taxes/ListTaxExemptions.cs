using Carter;
using FluentValidation;
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
using ModularMonolith.Pricing.CustomerGroups;

namespace ModularMonolith.Pricing.Taxes;

internal sealed record ListTaxExemptions(string? Subject, int Limit, Guid? After) : IQuery<Page<TaxExemptionView>>;

internal sealed class ListTaxExemptionsValidator : AbstractValidator<ListTaxExemptions>
{
    public ListTaxExemptionsValidator() => RuleFor(query => query.Subject).Length(1, CustomerGroup.LongestSubject).NoNul();
}

internal sealed class ListTaxExemptionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/tax-exemptions", static async (string? subject, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListTaxExemptions(subject, PageCursor.Size(limit), PageCursor.Decode<IdCursor>(http, cursor)?.Id), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListTaxExemptions").WithSummary("Lists tax exemptions, oldest first, all of them or those of one customer.")
        .Produces<Page<TaxExemptionView>>().ProducesProblem(400);
}

internal sealed class ListTaxExemptionsHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListTaxExemptions, Page<TaxExemptionView>>
{
    public async Task<Page<TaxExemptionView>> Handle(ListTaxExemptions request, CancellationToken cancellationToken)
    {
        IQueryable<TaxExemption> query = session.Documents.Query<TaxExemption>();
        if (request.Subject is { } subject)
        {
            query = query.Where(exemption => exemption.Subject == subject);
        }

        if (request.After is { } after)
        {
            query = query.Where(exemption => exemption.MatchesSql("d.id > ?", after));
        }

        var found = await query.OrderBy(exemption => exemption.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, TaxExemptionView.Of, static item => new IdCursor(item.Id));
    }
}
