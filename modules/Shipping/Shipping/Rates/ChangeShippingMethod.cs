using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Rates;

[RetryOnConflict]
internal sealed record ChangeShippingMethod(string Code, long? ExpectedVersion, MethodContent Content) : ICommand<Versioned<MethodView>>;

internal sealed class ChangeShippingMethodValidator : AbstractValidator<ChangeShippingMethod>
{
    public ChangeShippingMethodValidator() => RuleFor(command => command.Content).SetValidator(new MethodContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class ChangeShippingMethodEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/methods/{code}", static async (string code, MethodContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new ChangeShippingMethod(code, EntityTags.RequireIfMatch(http), body), cancellationToken)).Changed(http))
        .WithName("ChangeShippingMethod")
        .WithSummary("Replaces a shipping method.")
        .Changes<MethodView>();
}

internal sealed class ChangeShippingMethodHandler(TableDesk desk) : IRequestHandler<ChangeShippingMethod, Versioned<MethodView>>
{
    public async Task<Versioned<MethodView>> Handle(ChangeShippingMethod request, CancellationToken cancellationToken)
    {
        var changed = await desk.ChangeAsync<ShippingMethod, MethodContent, MethodView>(request.Code, request.ExpectedVersion, request.Content, cancellationToken);
        await desk.RequireZoneAsync(request.Content.Zone, cancellationToken);
        return changed;
    }
}
