using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record CreateCustomerGroup(string Code, string Title) : ICommand<CustomerGroupView>;

internal sealed class CreateCustomerGroupValidator : AbstractValidator<CreateCustomerGroup>
{
    public CreateCustomerGroupValidator()
    {
        RuleFor(command => command.Code).NotNull().IsCode();
        RuleFor(command => command.Title).IsTitle();
    }
}

internal sealed class CreateCustomerGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/customer-groups", static async (CreateCustomerGroup body, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var group = await sender.Send(body, cancellationToken);
            rules.Forget();
            EntityTags.Write(http, group.Version);
            return Results.Created("/api/pricing/customer-groups/" + group.Code, group);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("CreateCustomerGroup").WithSummary("Creates a customer group without members.")
        .Produces<CustomerGroupView>(201).ProducesProblem(400).ProducesProblem(409);
}

internal sealed class CreateCustomerGroupHandler(IModuleSession<IPricingStore> session) : IRequestHandler<CreateCustomerGroup, CustomerGroupView>
{
    public async Task<CustomerGroupView> Handle(CreateCustomerGroup request, CancellationToken cancellationToken)
    {
        if (await CustomerGroup.FindAsync(session.Documents, request.Code, cancellationToken) is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a customer group '{request.Code}' already. Choose another code, or use that one.");
        }

        if (await session.Documents.Query<CustomerGroup>().CountAsync(cancellationToken) >= CustomerGroup.MaximumCount)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {CustomerGroup.MaximumCount} customer groups already, and no more can be created.");
        }

        var group = new CustomerGroup { Id = request.Code, Title = request.Title };
        session.Documents.Insert(group);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return CustomerGroupView.Of(group, 1);
    }
}
