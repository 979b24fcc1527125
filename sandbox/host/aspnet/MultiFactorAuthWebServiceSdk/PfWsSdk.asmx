<%@ WebService Language="C#" Class="PfWsSdk" %>
