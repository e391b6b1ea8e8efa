using System.Text;
using ModularMonolith.Catalog.Imports;
using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Tests.Imports;

public sealed class RowTests
{
    private const string Detailed =
        "Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Taxable,Image Src,Image Position,Variant Weight Unit,Status";

    [Fact]
    public async Task The_sample_shops_apparel_is_read_completely()
    {
        var file = await FileReading.ReadAsync(SampleFile.Apparel);

        Assert.Empty(file.Errors);
        var varsity = Assert.Single(file.Products, product => product.Handle == "classic-varsity-top");
        Assert.Equal(["Size"], varsity.OptionNames);
        Assert.Equal(["Small", "Medium", "Large"], varsity.Variants.Select(variant => variant.OptionValues[0]));
        Assert.All(varsity.Variants, variant => Assert.Equal((6_000, "EUR"), (variant.Price.Amount, variant.Price.Currency)));
        Assert.Single(varsity.Images);
        Assert.Empty(file.Products[0].OptionNames);
        Assert.Equal(ProductStatus.Active, file.Products[0].Status);
    }

    [Fact]
    public async Task The_sample_shops_jewelery_is_read_completely()
    {
        var file = await FileReading.ReadAsync(SampleFile.Jewelery);

        Assert.Empty(file.Errors);
        var gemstone = Assert.Single(file.Products, product => product.Handle == "gemstone");
        Assert.Contains("<li>Boho Chic</li>\n", gemstone.Body!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(2, gemstone.Variants.Count);
        Assert.Equal(4, gemstone.Images.Count);
        Assert.Equal(["Blue", "Gem", "Purple", "Silver", "Turquoise"], gemstone.Tags!);
        Assert.Equal(2_799, gemstone.Variants[0].Price.Amount);
        Assert.Equal(28, Assert.Single(file.Products, product => product.Handle == "boho-earrings").Variants[0].Grams);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("id,name,price", "not a Shopify product CSV")]
    [InlineData("Handle;Title;Option1 Name;Option1 Value;Variant Price", "semicolons")]
    [InlineData("Handle,Title,Option1 Name,Option1 Value", "'Variant Price' is missing")]
    [InlineData("Handle,Title,Option1 Name,Option1 Value,Variant Price,title", "there twice")]
    [InlineData("Handle,Title,Option1 Name,Option1 Value,Variant Price,Cost per item,cost per item", "there twice")]
    [InlineData("Handle,Title,Option1 Name,Option1 Value,Variant Price,", "Column 6 has no name")]
    public async Task A_file_without_the_right_columns_is_refused(string header, string mentions)
    {
        if (header.Length == 0)
        {
            await Assert.ThrowsAsync<CsvFormatException>(() => FileReading.ReadAsync([]));
            return;
        }

        var error = Assert.Single((await FileReading.ReadAsync(SampleFile.With(header, "1,2,3"))).Errors);

        Assert.Equal(1, error.Line);
        Assert.Contains(mentions, error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("handle,TITLE,option1 name,OPTION1 VALUE,variant price")]
    [InlineData("\uFEFFHandle, Title ,Option1 Name,Option1 Value,Variant Price")]
    [InlineData("URL handle,Title,Option1 name,Option1 value,Price")]
    public async Task Columns_are_found_in_any_case_and_under_shopifys_newer_names(string header)
    {
        var file = await FileReading.ReadAsync(SampleFile.With(header, "cup,Cup,Title,Default Title,3.50"));

        Assert.Empty(file.Errors);
        Assert.Equal(350, Assert.Single(file.Products).Variants[0].Price.Amount);
    }

    [Theory]
    [InlineData("cup,Cup,Title,Default Title,,-1,", "Variant Price", "0 or more")]
    [InlineData("cup,Cup,Title,Default Title,,,", "Variant Price", "missing")]
    [InlineData("cup,Cup,Title,Default Title,,12 EUR,", "Variant Price", "not a price")]
    [InlineData("cup,Cup,Title,Default Title,,\"1,299.00\",", "Variant Price", "not a price")]
    [InlineData("cup,Cup,Title,Default Title,,1e3,", "Variant Price", "not a price")]
    [InlineData("cup,Cup,Title,Default Title,,9.999,", "Variant Price", "2 decimal digits")]
    [InlineData("cup,Cup,Title,Default Title,,99999999999,", "Variant Price", "more than a price")]
    [InlineData("cup,Cup,Title,Default Title,,79228162514264337593543950335,", "Variant Price", "more than a price")]
    [InlineData("cup,,Title,Default Title,,1,", "Title", "missing")]
    [InlineData(",Cup,Title,Default Title,,1,", "Handle", "missing")]
    [InlineData("cup,Cup,Size,,,1,", "Option1 Value", "no value")]
    [InlineData("cup,Cup,,Large,,1,", "Option1 Value", "no option 1")]
    [InlineData("cup,Cup,Title,Default Title,,1,ftp://a/b.jpg", "Image Src", "http")]
    [InlineData("cup,Cup,Title,Default Title,,1,/b.jpg", "Image Src", "http")]
    [InlineData("cup,Cup,Title", null, "3 cells")]
    [InlineData("cup,Cup,Title,Default Title,,1,,,", null, "9 cells")]
    public async Task A_wrong_cell_is_reported_with_its_line_and_column(string row, string? column, string mentions)
    {
        var file = await FileReading.ReadAsync(SampleFile.Of("\"a\",\"A\r\nB\",Title,Default Title,A-1,1,", row));

        var error = Assert.Single(file.Errors);
        Assert.Equal((4, column), (error.Line, error.Column));
        Assert.Contains(mentions, error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cup,Cup,,,yes,Size,S,,,,,,,,1,,,,,,", "Published", "neither true nor false")]
    [InlineData("cup,Cup,,,,Size,S,,,,heavy,,,,1,,,,,,", "Variant Grams", "weight")]
    [InlineData("cup,Cup,,,,Size,S,,,,-5,,,,1,,,,,,", "Variant Grams", "weight")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,1.5,,1,,,,,,", "Variant Inventory Qty", "whole number")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,99999999999,,1,,,,,,", "Variant Inventory Qty", "whole number")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,maybe,1,,,,,,", "Variant Inventory Policy", "deny, continue")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,,1,-2,,,,,", "Variant Compare At Price", "0 or more")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,,1,,1,,,,", "Variant Taxable", "neither true nor false")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,,1,,,http://a/b,0,,", "Image Position", "count from 1")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,,1,,,,,stone,", "Variant Weight Unit", "g, kg, oz, lb")]
    [InlineData("cup,Cup,,,,Size,S,,,,,,,,1,,,,,,hidden", "Status", "active, draft, archived")]
    [InlineData("cup,Cup,,,,Size,S,Size,M,,,,,,1,,,,,,", "Option2 Name", "there twice")]
    [InlineData("cup,Cup,,,,,Default Title,Size,M,,,,,,1,,,,,,", "Option2 Name", "option before")]
    public async Task Every_columns_rule_is_checked(string row, string column, string mentions)
    {
        var file = await FileReading.ReadAsync(SampleFile.With(Detailed, row));

        var error = file.Errors[0];
        Assert.Equal((2, column), (error.Line, error.Column));
        Assert.Contains(mentions, error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "", ProductStatus.Active)]
    [InlineData("FALSE", "", ProductStatus.Draft)]
    [InlineData("", "", ProductStatus.Active)]
    [InlineData("true", "draft", ProductStatus.Draft)]
    [InlineData("false", "Archived", ProductStatus.Archived)]
    [InlineData("false", "ACTIVE", ProductStatus.Active)]
    public async Task Status_decides_before_published(string published, string status, object expected)
    {
        var file = await FileReading.ReadAsync(SampleFile.With(Detailed, $"cup,Cup,,,{published},Size,S,,,,,,,,1,,,,,,{status}"));

        Assert.Equal((ProductStatus)expected, Assert.Single(file.Products).Status);
    }

    [Fact]
    public async Task A_quantity_below_zero_is_nothing_in_the_warehouse()
    {
        var file = await FileReading.ReadAsync(SampleFile.With(Detailed, "cup,Cup,,,,Size,S,,,,,shopify,-3,,1,,,,,,", "cup,,,,,,M,,,,,shopify,,,1,,,,,,"));

        Assert.Empty(file.Errors);
        Assert.Equal([0, null], file.Products[0].Variants.Select(variant => variant.Quantity));
    }

    [Fact]
    public async Task Rows_without_anything_in_them_are_passed_over()
    {
        var file = await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Title,Default Title,,1,", "", ",,,,,,", "  ", "mug,Mug,Title,Default Title,,x,"));

        Assert.Equal((6, 2), (Assert.Single(file.Errors).Line, file.Rows));
    }

    [Theory]
    [InlineData("cup,,,Large,,2,", "same option values")]
    [InlineData("cup,,,,X,2,", "no value")]
    [InlineData("cup,Mug,,Small,,2,", "differs")]
    [InlineData("cup,,Weight,Small,,2,", "differs")]
    [InlineData("cup,,,,,,", "neither a variant nor a picture")]
    [InlineData("cup,,,Small,C-1,2,", "in line 2 already")]
    public async Task A_row_that_continues_a_product_follows_the_rules(string row, string mentions)
    {
        var file = await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Size,Large,C-1,1,", row));

        var error = Assert.Single(file.Errors);
        Assert.Equal(3, error.Line);
        Assert.Contains(mentions, error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_that_comes_back_later_is_an_error_and_so_is_a_sku_of_another_product()
    {
        var file = await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Size,L,C-1,1,", "mug,Mug,Size,L,C-1,1,", "cup,Cup,Size,M,C-2,1,"));

        Assert.Equal([3, 4], file.Errors.Select(error => error.Line));
        Assert.Contains("line 2", file.Errors[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_errors_are_counted_and_the_first_thousand_are_kept()
    {
        var errors = new ImportErrors();
        var content = SampleFile.Of([.. Enumerable.Range(1, 1_500).Select(number => $"p{number},P,Title,Default Title,,-1,")]);
        await using var upload = await UploadedFile.ReceiveAsync(new MemoryStream(content), UploadedFile.CreateTemporary, UploadedFile.MaximumBytes, CancellationToken.None);
        using var reader = upload.Read();

        Assert.Equal(1_500, await new ShopifyProductReader(reader, "EUR", errors).ReadAsync(CancellationToken.None).CountAsync());

        Assert.Equal((1_500, 1_000), (errors.Count, errors.All.Count));
    }

    [Fact]
    public async Task Prices_are_exact_in_the_shops_currency()
    {
        Assert.Equal(1_500, (await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Title,Default Title,,1500,"), "JPY")).Products[0].Variants[0].Price.Amount);
        Assert.Equal(1_234, (await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Title,Default Title,,1.234,"), "KWD")).Products[0].Variants[0].Price.Amount);
        Assert.Single((await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Title,Default Title,,15.5,"), "JPY")).Errors);
        Assert.Equal(4_290, (await FileReading.ReadAsync(SampleFile.Of("cup,Cup,Title,Default Title,,42.900,"))).Products[0].Variants[0].Price.Amount);
    }

    [Fact]
    public async Task A_handle_that_is_no_address_becomes_one()
    {
        var file = await FileReading.ReadAsync(SampleFile.Of("Blue Cup,Cup,Size,L,,1,", "Blue Cup,,,M,,1,", "чашка,Чашка,Size,L,,1,"));

        Assert.Empty(file.Errors);
        Assert.Equal(["blue-cup", "чашка"], file.Products.Select(product => product.Handle));
    }

    [Fact]
    public async Task A_product_larger_than_possible_is_refused_without_reading_it_into_memory()
    {
        var rows = Enumerable.Range(1, ShopifyProductReader.MaximumRows + 50).Select(number => $"cup,,,S{number},,1,");
        var file = await FileReading.ReadAsync(SampleFile.Of(["cup,Cup,Size,S0,,1,", .. rows]));

        Assert.Contains(file.Errors, error => error.Detail.Contains("too large", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_columns_are_kept_for_the_row_that_has_them()
    {
        var file = await FileReading.ReadAsync(SampleFile.With(
            "Handle,Title,Product Category,Option1 Name,Option1 Value,Variant Price,Image Src,Cost per item,Google Shopping / MPN,My column",
            "cup,Cup,Home > Cups,Size,L,1,http://a/1.jpg,0.50,,", "cup,,,,M,1,,,MPN-2, x ", "cup,,,,,,http://a/2.jpg,,,picture"));

        Assert.Empty(file.Errors);
        var cup = Assert.Single(file.Products);
        Assert.Equal([new ProductAttribute("Product Category", "Home > Cups")], cup.Attributes);
        Assert.Equal([new ProductAttribute("Cost per item", "0.50")], cup.Variants[0].Attributes);
        Assert.Equal([new ProductAttribute("Google Shopping / MPN", "MPN-2"), new ProductAttribute("My column", " x ")], cup.Variants[1].Attributes);
        Assert.Equal([new ProductAttribute("My column", "picture")], cup.Images[1].Attributes);
    }

    [Fact]
    public void Every_byte_of_the_samples_is_valid()
    {
        Assert.NotEmpty(Encoding.UTF8.GetString(SampleFile.Apparel));
        Assert.Equal(ShopifyColumns.Names.Take(46), Encoding.UTF8.GetString(SampleFile.Apparel).Split('\n')[0].Trim().Split(','));
    }
}
