using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Carter;
using Carter.ModelBinding;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Carter.Tests;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_valid_body_reaches_the_handler(string method)
    {
        await using var application = await Start();

        var response = await Send(application, method, new Product("Hat", 1));

        Assert.Equal("Hat", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task An_invalid_body_is_answered_with_422_problem_details(string method)
    {
        await using var application = await Start();

        var response = await Send(application, method, new Product("", -1));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(["Name", "Price"], errors.Select(error => error.GetProperty("propertyName").GetString()));
        Assert.Equal("no free lunch", errors[1].GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task A_form_is_validated()
    {
        await using var application = await Start();

        var valid = await application.Client.PostAsync("/form", Form("Hat", "1"));
        var invalid = await application.Client.PostAsync("/form", Form("", "1"));

        Assert.Equal("Hat", await valid.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, invalid.StatusCode);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_a_bad_request_and_one_that_is_missing_is_invalid()
    {
        await using var application = await Start();

        var unreadable = await application.Client.PostAsync("/products", new StringContent("{", Encoding.UTF8, "application/json"));
        var missing = await application.Client.PostAsync("/optional", null);

        Assert.Equal(HttpStatusCode.BadRequest, unreadable.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing.StatusCode);
        Assert.Contains("is required", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_validated_in_a_handler()
    {
        var results = new List<ValidationResult>();
        await TestApplication.Answer(async context =>
        {
            results.Add(context.Request.Validate(new Product("", 1)));
            results.Add(await context.Request.ValidateAsync(new Product("Hat", 1)));
        }, new HttpRequestMessage(HttpMethod.Get, "/"), carter => carter.WithValidator<ProductValidator>());

        Assert.Equal([false, true], results.Select(result => result.IsValid));
    }

    [Fact]
    public async Task Rules_that_wait_are_run_by_the_asynchronous_validation_and_by_routes()
    {
        await using var application = await TestApplication.Start(
            routes => routes.MapPost<Voucher>("/", (Voucher voucher) => voucher.Code), carter => carter.WithValidator<VoucherValidator>());

        var response = await application.Client.PostAsJsonAsync("/", new Voucher("taken"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task A_model_without_validator_is_refused_by_name()
    {
        InvalidOperationException? refusal = null;
        await TestApplication.Answer(context =>
        {
            refusal = Assert.Throws<InvalidOperationException>(() => context.Request.Validate(new Voucher("x")));
            return Task.CompletedTask;
        }, new HttpRequestMessage(HttpMethod.Get, "/"));

        Assert.Contains("AbstractValidator<Voucher>", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_listed_and_grouped()
    {
        var result = new ValidationResult((ValidationFailure[])[new("Name", "first"), new("Price", "second"), new("Name", "third")]);

        Assert.Equal(["Name first", "Price second", "Name third"],
            result.GetFormattedErrors().Select(error => JsonSerializer.SerializeToElement<object>(error))
                .Select(error => $"{error.GetProperty("PropertyName")} {error.GetProperty("ErrorMessage")}"));
        var problems = result.GetValidationProblems();
        Assert.Equal(["Name", "Price"], problems.Keys);
        Assert.Equal(["first", "third"], problems["Name"]);
    }

    [Fact]
    public async Task A_locator_finds_validators_by_exact_type()
    {
        await using var application = await TestApplication.Start(carter => carter.WithValidators(typeof(ProductValidator), typeof(VoucherValidator)));
        using var scope = application.Services.CreateScope();
        var locator = scope.ServiceProvider.GetRequiredService<IValidatorLocator>();
        var voucher = typeof(Voucher);

        Assert.IsType<ProductValidator>(locator.GetValidator<Product>());
        Assert.IsType<VoucherValidator>(locator.GetValidator(voucher));
        Assert.Null(locator.GetValidator<SpecialProduct>());
        Assert.Null(locator.GetValidator<string>());
    }

    [Fact]
    public async Task Two_validators_of_one_model_are_an_error()
    {
        await using var application = await TestApplication.Start(
            carter => carter.WithValidator<ProductValidator>().WithValidator<StrictProductValidator>());
        using var scope = application.Services.CreateScope();

        var refusal = Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<IValidatorLocator>().GetValidator<Product>());

        Assert.Contains(nameof(StrictProductValidator), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validators_are_singletons_unless_told_otherwise()
    {
        Assert.Equal(ServiceLifetime.Singleton, LifetimeOf<ProductValidator>(_ => { }));
        Assert.Equal(ServiceLifetime.Transient, LifetimeOf<StrictProductValidator>(_ => { }));
        Assert.Equal(ServiceLifetime.Scoped, LifetimeOf<ProductValidator>(carter => carter.WithDefaultValidatorLifetime(ServiceLifetime.Scoped)));
        Assert.Equal(ServiceLifetime.Transient, LifetimeOf<StrictProductValidator>(carter => carter.WithDefaultValidatorLifetime(ServiceLifetime.Scoped)));
        Assert.Equal(ServiceLifetime.Scoped, LifetimeOf<StrictProductValidator>(carter => carter.WithValidatorServiceLifetimeFactory(
            type => type == typeof(StrictProductValidator) ? ServiceLifetime.Scoped : ServiceLifetime.Singleton)));
    }

    private static ServiceLifetime LifetimeOf<TValidator>(Action<CarterConfigurator> configurator) where TValidator : IValidator
    {
        var services = new ServiceCollection().AddCarter(new DependencyContextAssemblyCatalog([]), carter =>
        {
            carter.WithValidator<TValidator>();
            configurator(carter);
        });
        Assert.Equal(2, services.Count(service => service.ImplementationType == typeof(TValidator)));
        return Assert.Single(services.Where(service => service.ImplementationType == typeof(TValidator)).Select(service => service.Lifetime).Distinct());
    }

    private static Task<TestApplication> Start() => TestApplication.Start(routes =>
    {
        routes.MapPost<Product>("/products", (HttpContext _, Product product) => product.Name);
        routes.MapPut<Product>("/products", (Product product) => product.Name);
        routes.MapPost<Product>("/optional", (Product? product) => product?.Name);
        routes.MapFormPost<Product>("/form", ([FromForm] Product product) => product.Name).DisableAntiforgery();
    }, carter => carter.WithValidator<ProductValidator>());

    private static Task<HttpResponseMessage> Send(TestApplication application, string method, Product product) =>
        application.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/products") { Content = JsonContent.Create(product) });

    private static FormUrlEncodedContent Form(string name, string price) => new(new Dictionary<string, string> { ["Name"] = name, ["Price"] = price });

    internal record Product(string Name, int Price);

    internal sealed record SpecialProduct() : Product("", 0);

    internal sealed record Voucher(string Code);

    internal sealed class ProductValidator : AbstractValidator<Product>
    {
        public ProductValidator()
        {
            RuleFor(product => product.Name).NotEmpty();
            RuleFor(product => product.Price).GreaterThan(0).WithMessage("no free lunch");
        }
    }

    [ValidatorLifetime(ServiceLifetime.Transient)]
    internal sealed class StrictProductValidator : AbstractValidator<Product>;

    internal sealed class VoucherValidator : AbstractValidator<Voucher>
    {
        public VoucherValidator() => RuleFor(voucher => voucher.Code).MustAsync(async (code, cancellationToken) =>
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return code != "taken";
        });
    }
}
