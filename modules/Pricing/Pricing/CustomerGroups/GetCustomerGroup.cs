using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record GetCustomerGroup(string Code) : IQuery<CustomerGroupView>;

internal sealed class GetCustomerGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/customer-groups/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var group = await sender.Send(new GetCustomerGroup(code), cancellationToken);
            EntityTags.Write(http, group.Version);
            return EntityTags.ClientHas(http, group.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(group);
        })
        .RequirePermission("pricing:read").WithName("GetCustomerGroup").WithSummary("Shows a customer group.")
        .Produces<CustomerGroupView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetCustomerGroupHandler(IModuleSession<IPricingStore> session) : IRequestHandler<GetCustomerGroup, CustomerGroupView>
{
    public async Task<CustomerGroupView> Handle(GetCustomerGroup request, CancellationToken cancellationToken) =>
        await CustomerGroup.FindAsync(session.Documents, request.Code, cancellationToken) is { } group
            ? CustomerGroupView.Of(group, group.Version)
            : throw ProblemException.NotFound("customer group", request.Code);
}
