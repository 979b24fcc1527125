<%@ WebService Language="C#" Class="PfPaWs" %>
