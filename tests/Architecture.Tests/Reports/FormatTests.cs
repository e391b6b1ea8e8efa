using System.Text.Json;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports;

namespace ModularMonolith.Architecture.ReportTests;

public sealed class FormatTests
{
    private static readonly Architecture.Rules.Finding Reach = new("SellHandler.Handle", "uses Shelf of Stock") { Rule = "module-references", Module = "Sales", To = "Stock.Shelves.Shelf" };

    private static Diagram Shop(params Architecture.Rules.Finding[] findings)
    {
        var graph = MadeUpShop.Graph();
        return Diagrams.Modules(graph, Conversations.Of(graph), null, findings);
    }

    [Fact]
    public void Mermaid_shows_requests_solid_and_events_dotted() => Assert.Equal(
        """
        flowchart TD
            sales["Sales<br/><small>team-sales</small>"]
            stock["Stock<br/><small>team-stock</small>"]
            log[(log)]
            sales -- "GetLevels" --> stock
            sales -. "Sold" .-> log
            sales -. "StockSold" .-> stock

        """.ReplaceLineEndings("\n"), MermaidFormat.Write(Shop()));

    [Fact]
    public void What_breaks_a_rule_is_red_in_every_format()
    {
        var diagram = Shop(Reach);
        Assert.Contains("    sales == \"module-references\" ==> stock\n    linkStyle 3 stroke:#d1242f,color:#d1242f\n", MermaidFormat.Write(diagram), StringComparison.Ordinal);
        Assert.Contains("    sales -> stock [label=\"module-references\", color=\"#d1242f\", fontcolor=\"#d1242f\", penwidth=2];\n", DotFormat.Write(diagram), StringComparison.Ordinal);
        Assert.Contains("Rel(sales, stock, \"module-references\", \"uses\", $tags=\"violation\")\n", C4Format.Write(diagram), StringComparison.Ordinal);
        Assert.Contains("<path class=\"arrow bad\"", SvgFormat.Write(diagram), StringComparison.Ordinal);
        Assert.Contains("class=\"box module bad\"", SvgFormat.Write(diagram), StringComparison.Ordinal);
        Assert.DoesNotContain("<path class=\"arrow bad\"", SvgFormat.Write(Shop()), StringComparison.Ordinal);
    }

    [Fact]
    public void Graphviz_gets_boxes_with_owners_and_dashed_events() => Assert.Equal(
        """
        digraph architecture {
            graph [label="Modules and what they say to each other", labelloc=t, rankdir=TB, fontname="Helvetica"];
            node [shape=box, style=rounded, fontname="Helvetica"];
            edge [fontname="Helvetica", fontsize=10];
            sales [label="Sales\nteam-sales"];
            stock [label="Stock\nteam-stock"];
            log [label="log", shape=cylinder];
            sales -> stock [label="GetLevels"];
            sales -> log [label="Sold", style=dashed];
            sales -> stock [label="StockSold", style=dashed];
        }

        """.ReplaceLineEndings("\n"), DotFormat.Write(Shop()));

    [Fact]
    public void PlantUml_gets_a_boundary_with_components_and_labelled_relations() => Assert.Equal(
        """
        @startuml
        !include <C4/C4_Component>

        title Modules and what they say to each other

        System_Boundary(system, "Modular monolith") {
            Component(sales, "Sales", "module of team-sales", "Sells 'things' & more <of them>.")
            Component(stock, "Stock", "module of team-stock", "How much there is.")
            ComponentDb(log, "Integration log", "PostgreSQL", "Events that no module handles")
        }

        Rel(sales, stock, "GetLevels", "request")
        Rel(sales, log, "Sold", "event")
        Rel(sales, stock, "StockSold", "event")
        @enduml

        """.ReplaceLineEndings("\n"), C4Format.Write(Shop()));

    [Fact]
    public void Json_has_what_the_picture_has()
    {
        using var document = JsonDocument.Parse(JsonFormat.Write(Shop(Reach)));
        var root = document.RootElement;
        Assert.Equal("modular-monolith.graph/1", root.GetProperty("schema").GetString());
        Assert.Equal(["sales", "stock", "log"], root.GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("id").GetString()));
        Assert.Equal([1, 0, 0], root.GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("findings").GetInt32()));
        Assert.Equal(
            ["sales request stock GetLevels False", "sales event log Sold False", "sales event stock StockSold False", "sales typeUse stock module-references True"],
            root.GetProperty("edges").EnumerateArray().Select(static edge =>
                $"{edge.GetProperty("from")} {edge.GetProperty("kind")} {edge.GetProperty("to")} {edge.GetProperty("names")[0]} {edge.GetProperty("violation")}"));
    }

    [Fact]
    public void The_level_of_contracts_shows_each_message_between_who_says_and_who_hears_it()
    {
        var graph = MadeUpShop.Graph();
        var diagram = Diagrams.Contracts(graph, Conversations.Of(graph));
        Assert.Equal(["sales", "stock", "sales_Sold", "stock_GetLevels", "stock_StockSold"], diagram.Nodes.Select(static node => node.Id));
        Assert.Equal(
            ["sales -> sales_Sold", "sales -> stock_GetLevels", "sales -> stock_StockSold", "stock_StockSold -> stock"],
            diagram.Arrows.Select(static arrow => $"{arrow.From} -> {arrow.To}"));
    }

    [Fact]
    public void The_level_of_types_shows_what_a_modules_types_use_of_each_other_and_of_others()
    {
        var graph = MadeUpShop.Graph();
        var diagram = Diagrams.Types(graph, graph.Modules.Single(static module => module.Folder == "Sales"));
        Assert.Contains(diagram.Nodes, static node => node is { Title: "SalesModule" });
        Assert.Contains(diagram.Arrows, static arrow => arrow is { From: "Sales_SellEndpoint", To: "Sales_Sell" });
        Assert.Contains(diagram.Arrows, static arrow => arrow is { From: "Sales_SellHandler", To: "Stock_Contracts_GetLevels" });
        Assert.All(diagram.Arrows, arrow => Assert.Contains(diagram.Nodes, node => node.Id == arrow.To));
    }
}
