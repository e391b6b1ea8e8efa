using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Clients;

internal sealed record CreateClient(
    string Name, bool IsConfidential, IReadOnlyList<string> Grants, IReadOnlyList<string>? RedirectUris = null, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Permissions = null,
    IReadOnlyList<string>? Roles = null) : ICommand<CreatedClient>;

/// <summary>A new client with its secret, which is shown this once.</summary>
/// <param name="Client">The client.</param>
/// <param name="Secret">The secret of a confidential client.</param>
internal sealed record CreatedClient(ClientView Client, string? Secret);

internal sealed class CreateClientValidator : AbstractValidator<CreateClient>
{
    private const int MostValues = 50;
    private const int LongestUri = 500;

    public CreateClientValidator()
    {
        RuleFor(command => command.Name).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Grants).NotEmpty();
        RuleForEach(command => command.Grants).Must(Clients.Grants.All.Contains).WithMessage("Known are " + string.Join(", ", Clients.Grants.All) + ".");
        RuleForEach(command => command.Scopes).Must(Clients.Scopes.OfProtocol.Contains).WithMessage("Known are " + string.Join(", ", Clients.Scopes.OfProtocol) + ".");
        RuleFor(command => command.RedirectUris).Must(HasFewValues).WithMessage($"At most {MostValues}.");
        RuleForEach(command => command.RedirectUris).Must(IsRedirectUri).WithMessage("A redirect URI is an absolute address without a fragment or wildcard: https, http on this machine, or an application's own scheme with a dot in its name (RFC 8252, section 7.1).");
        RuleFor(command => command.RedirectUris).NotEmpty().When(static command => command.Grants.Contains(Clients.Grants.AuthorizationCode)).WithMessage("The grant authorization_code needs a redirect URI.");
        RuleFor(command => command.IsConfidential).Equal(true).When(static command => command.Grants.Contains(Clients.Grants.ClientCredentials)).WithMessage("The grant client_credentials needs a confidential client.");
        RuleFor(command => command.Permissions).Must(HasFewValues).WithMessage($"At most {MostValues}.");
        RuleForEach(command => command.Permissions).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Roles).Must(HasFewValues).WithMessage($"At most {MostValues}.");
        RuleForEach(command => command.Roles).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Roles).Empty().When(static command => !command.Grants.Contains(Clients.Grants.ClientCredentials)).WithMessage("Roles are for service accounts, which have the grant client_credentials.");
    }

    private static bool HasFewValues(IReadOnlyList<string>? values) => values is not { Count: > MostValues };

    private static bool IsRedirectUri(string text) =>
        text is { Length: <= LongestUri } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !text.Contains('#', StringComparison.Ordinal)
        && !text.Contains('*', StringComparison.Ordinal) && uri.UserInfo.Length == 0 && text.All(static letter => letter is > ' ' and < (char)127)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback) || uri.Scheme.Contains('.', StringComparison.Ordinal));
}

internal sealed class CreateClientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/clients", static async (CreateClient body, ISender sender, CancellationToken cancellationToken) =>
        {
            var created = await sender.Send(body, cancellationToken);
            return Results.Created("/api/identity/clients/" + created.Client.Id, created);
        })
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("CreateClient")
        .WithSummary("Registers a program that may ask for tokens. The secret of a confidential client is in this answer only. With client_credentials and roles it is a service account.")
        .Produces<CreatedClient>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class CreateClientHandler(
    IModuleSession<IIdentityStore> session, AccountPermissions permissions, ClientSecrets secrets, ICaller caller, TimeProvider time) : IRequestHandler<CreateClient, CreatedClient>
{
    public async Task<CreatedClient> Handle(CreateClient request, CancellationToken cancellationToken)
    {
        // Nobody makes a service account that may more than they do.
        foreach (var permission in await permissions.OfRolesAsync([.. request.Roles ?? []], cancellationToken))
        {
            if (!caller.Has(permission))
            {
                throw new ProblemException(ProblemTypes.Forbidden, $"The roles give the permission {permission}, which you do not hold.").With("permission", permission);
            }
        }

        var now = time.GetUtcNow();
        var client = new Client
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Name = request.Name,
            Grants = [.. request.Grants.Distinct()],
            RedirectUris = [.. request.RedirectUris ?? []],
            Scopes = [.. request.Scopes ?? []],
            Permissions = [.. request.Permissions ?? []],
            Roles = [.. request.Roles ?? []],
            CreatedAt = now,
        };
        var secret = request.IsConfidential ? secrets.GiveNew(client) : null;
        session.Documents.Insert(client);
        return new CreatedClient(ClientView.Of(client), secret);
    }
}
