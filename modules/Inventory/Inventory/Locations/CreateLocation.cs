using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Locations;

internal sealed record CreateLocation(string Code, string Name, int Priority = 100) : ICommand<LocationView>;

internal sealed class CreateLocationValidator : AbstractValidator<CreateLocation>
{
    public CreateLocationValidator()
    {
        RuleFor(command => command.Code).IsLocation();
        RuleFor(command => command.Name).Must(static name => !string.IsNullOrWhiteSpace(name)).WithMessage("Give the location a name.")
            .MaximumLength(100).WithMessage("A location's name has at most 100 characters.").NoNul();
        RuleFor(command => command.Priority).InclusiveBetween(-1_000, 1_000).WithMessage("The priority is between -1,000 and 1,000; the main location has 0.");
    }
}

internal sealed class CreateLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/locations", static async (CreateLocation body, ISender sender, CancellationToken cancellationToken) =>
            Results.Created("/api/inventory/locations", await sender.Send(body, cancellationToken)))
        .RequirePermission("inventory:write").SupportsDryRun().WithName("CreateLocation").WithSummary("Creates a location that can hold stock.")
        .Produces<LocationView>(201).ProducesProblem(400).ProducesProblem(409);
}

internal sealed class CreateLocationHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<CreateLocation, LocationView>
{
    public async Task<LocationView> Handle(CreateLocation request, CancellationToken cancellationToken)
    {
        var all = await Location.AllAsync(session.Documents, cancellationToken);
        if (all.Any(location => location.Id == request.Code))
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a location '{request.Code}' already. Choose another code, or use that one.");
        }

        if (all.Count >= Location.MaximumCount)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {Location.MaximumCount} locations already, and no more can be created.");
        }

        var created = new Location { Id = request.Code, Name = request.Name, Priority = request.Priority };
        session.Documents.Insert(created);
        return LocationView.Of(created);
    }
}
